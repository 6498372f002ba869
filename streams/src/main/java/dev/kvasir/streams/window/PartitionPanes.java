package dev.kvasir.streams.window;

import dev.kvasir.streams.pane.Pane;
import dev.kvasir.streams.pane.Report;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The panes of one run in one partition. A pane replaces the one of its second; seconds that can no
 * longer change are folded into one pane. Owned by one thread.
 */
final class PartitionPanes {

  /** Behind the newest second by this much a pane changes no more. */
  static final long HORIZON_SECONDS = 300;

  static final long NONE = Long.MIN_VALUE;

  @SuppressWarnings("ArrayRecordComponent") // Compared by Arrays.equals alone.
  private record Held(byte[] bytes, Pane pane) {}

  private final NavigableMap<Long, Held> seconds = new TreeMap<>();
  private Pane folded = new Pane();
  private long foldedThrough = NONE;
  private @Nullable Held beyond;
  private Report.@Nullable Pulse pulse;

  /** Takes a pane in; false if it is what is already there, or already folded. */
  boolean put(long second, byte[] bytes) {
    Held before = second == Report.BEYOND ? beyond : seconds.get(second);
    if (before != null && Arrays.equals(before.bytes, bytes)) {
      return false;
    }
    Held held = new Held(bytes, Pane.fromBytes(bytes));
    if (second == Report.BEYOND) {
      beyond = held;
      return true;
    }
    if (second <= foldedThrough) {
      return false;
    }
    seconds.put(second, held);
    return true;
  }

  void put(Report.Pulse next) {
    pulse = next;
  }

  Report.@Nullable Pulse pulse() {
    return pulse;
  }

  /** Events of the run that the partition has seen. */
  long events() {
    return pulse == null ? 0 : pulse.events();
  }

  /** The newest second with a pane, or {@link #NONE}. */
  long newest() {
    return seconds.isEmpty() ? foldedThrough : seconds.lastKey();
  }

  /** The oldest second with a pane of its own, or {@link #NONE}. */
  long oldest() {
    return seconds.isEmpty() ? NONE : seconds.firstKey();
  }

  /** Whether a second from one on and before another has a pane of its own. */
  boolean hasBetween(long from, long end) {
    Long next = seconds.ceilingKey(from);
    return next != null && next < end;
  }

  long foldedThrough() {
    return foldedThrough;
  }

  /** Adds the pane of a second, if there is one, to another pane. */
  void addSecond(long second, Pane sum) {
    Held held = seconds.get(second);
    if (held != null) {
      sum.merge(held.pane);
    }
  }

  /** Adds everything before a second to another pane. */
  void addBefore(long second, Pane sum) {
    sum.merge(folded);
    if (beyond != null) {
      sum.merge(beyond.pane);
    }
    for (Held held : seconds.headMap(second).values()) {
      sum.merge(held.pane);
    }
  }

  /**
   * Folds seconds up to one, as far as they change no more; the seconds that were folded.
   *
   * @param horizon seconds behind the newest that may still change
   */
  List<Long> fold(long through, long horizon) {
    long last = Math.min(through, newest() - horizon);
    Map<Long, Held> old = seconds.headMap(last, true);
    List<Long> removed = new ArrayList<>(old.keySet());
    old.values().forEach(held -> folded.merge(held.pane));
    old.clear();
    foldedThrough = removed.isEmpty() ? foldedThrough : last;
    return removed;
  }

  /** What was folded, and the last second in it, as bytes. */
  byte[] folded() {
    byte[] pane = folded.toBytes();
    return ByteBuffer.allocate(Long.BYTES + pane.length).putLong(foldedThrough).put(pane).array();
  }

  /** Takes back what {@link #folded} gave. */
  void restoreFolded(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    foldedThrough = in.getLong();
    byte[] pane = new byte[in.remaining()];
    in.get(pane);
    folded = Pane.fromBytes(pane);
  }

  List<Long> seconds() {
    return List.copyOf(seconds.keySet());
  }
}
