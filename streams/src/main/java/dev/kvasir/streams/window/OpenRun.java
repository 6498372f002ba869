package dev.kvasir.streams.window;

import dev.kvasir.event.WindowMeasured;
import dev.kvasir.streams.pane.Pane;
import dev.kvasir.streams.pane.Report;
import dev.kvasir.streams.pane.StateWriter;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run whose panes may still change. A change of one second changes every window that ends after
 * it: its counts and latencies up to a minute on, the whole run and the number of requests in
 * flight for ever. Owned by one thread.
 */
final class OpenRun {

  /** How many of the newest ends are measured on every emission; older ones on settling ones. */
  private static final long FRESH_ENDS = 3;

  /** How long after the last pane the windows of silent seconds differ from each other. */
  private static final long LONGEST_WINDOW = WindowLength.MINUTE.seconds();

  /** How long waits are remembered, seconds. */
  private static final long WAITS_KEPT = 2 * PartitionPanes.HORIZON_SECONDS;

  private static final long SECOND = 1_000_000_000L;
  private static final long NONE = PartitionPanes.NONE;
  private static final long CLEAN = Long.MAX_VALUE;

  private final long run;
  private final RunPanes panes = new RunPanes();
  private final NavigableMap<Long, Long> waits = new TreeMap<>();
  private Report.@Nullable RunEnded ended;
  private long clock = NONE;
  private long lastEnd = NONE;
  private long freshFrom = CLEAN;
  private long settleFrom = CLEAN;

  OpenRun(long run) {
    this.run = run;
  }

  /** Takes a report in and gives what has to be kept of it; false if it changes nothing. */
  boolean accept(Report report, StateWriter out) {
    boolean news =
        switch (report) {
          case Report.PaneChanged changed -> accept(changed, out);
          case Report.Pulse pulse -> accept(pulse, out);
          case Report.RunEnded end -> accept(end, out);
        };
    long end = end();
    if (end > lastEnd) {
      long from = lastEnd == NONE ? panes.oldest() : lastEnd;
      lastEnd = end;
      changedFrom(from, out);
      saveProgress(out);
    }
    return news;
  }

  private void saveProgress(StateWriter out) {
    out.write(
        MergeKey.progress(run),
        ByteBuffer.allocate(2 * Long.BYTES).putLong(lastEnd).putLong(settleFrom).array());
  }

  private boolean accept(Report.RunEnded end, StateWriter out) {
    if (end.equals(ended)) {
      return false;
    }
    ended = end;
    out.write(MergeKey.ended(run), end.toBytes());
    return true;
  }

  private boolean accept(Report.PaneChanged changed, StateWriter out) {
    long second = changed.second();
    if (!panes.put(changed.partition(), second, changed.pane())) {
      return false;
    }
    out.write(MergeKey.pane(run, changed.partition(), second), changed.pane());
    changedFrom(second == Report.BEYOND ? lastEnd - 1 : second, out);
    return true;
  }

  private boolean accept(Report.Pulse pulse, StateWriter out) {
    boolean news = panes.put(pulse);
    if (news) {
      out.write(MergeKey.pulse(run, pulse.partition()), pulse.toBytes());
    }
    clock = Math.max(clock, pulse.at());
    long end = Math.max(lastEnd, end());
    if (end == NONE) {
      return news;
    }
    Long wait = panes.oldestWait();
    Long before = wait == null ? waits.remove(end) : waits.put(end, wait);
    if (!Objects.equals(wait, before)) {
      out.write(MergeKey.waited(run, end), wait == null ? null : bytes(wait));
      changedFrom(end - 1, out);
    }
    return news;
  }

  private void changedFrom(long second, StateWriter out) {
    freshFrom = Math.min(freshFrom, second);
    if (second < settleFrom) {
      settleFrom = second;
      saveProgress(out);
    }
  }

  /** The end of the newest window, epoch seconds, or {@link #NONE} before the first pane. */
  private long end() {
    long newest = panes.newest();
    if (newest == NONE || clock == NONE) {
      return newest == NONE ? NONE : newest + 1;
    }
    long now = ended == null ? clock : Math.min(clock, ended.at());
    return Math.max(newest, Math.floorDiv(now, SECOND)) + 1;
  }

  /**
   * Gives the windows that have changed.
   *
   * @param settle whether those that ended a while ago are due too
   */
  void emit(boolean settle, StateWriter state, Consumer<WindowMeasured> out) {
    long end = lastEnd;
    long from = settle ? settleFrom : Math.max(freshFrom, end - FRESH_ENDS);
    freshFrom = CLEAN;
    if (settle && settleFrom != CLEAN) {
      settleFrom = CLEAN;
      saveProgress(state);
    }
    if (from != CLEAN) {
      measure(Math.max(from, panes.foldedThrough()) + 1, end, out);
    }
  }

  private void measure(long first, long last, Consumer<WindowMeasured> out) {
    long undecodable = panes.undecodable();
    for (long end = first; end <= last; end++) {
      if (end != last && !panes.anyWithin(end, LONGEST_WINDOW)) {
        continue;
      }
      Pane whole = panes.until(end, last - FRESH_ENDS);
      Long wait = waits.get(end);
      for (WindowLength length : WindowLength.values()) {
        Pane window = length == WindowLength.WHOLE ? whole : panes.before(end, length.seconds());
        if (window != null) {
          out.accept(
              new WindowView(run, length.seconds(), end, window, whole, wait, 0, undecodable)
                  .toEvent());
        }
      }
    }
  }

  /**
   * Folds what changes no more.
   *
   * @param resting whether that is everything
   */
  void fold(boolean resting, StateWriter out) {
    panes.fold(run, resting, out);
    Map<Long, Long> old = waits.headMap(lastEnd - (resting ? 0 : WAITS_KEPT), resting);
    old.keySet().forEach(end -> out.write(MergeKey.waited(run, end), null));
    old.clear();
  }

  /** Whether the run has finished. */
  boolean ended() {
    return ended != null;
  }

  /** Whether the run has finished and all its events are in. */
  boolean complete() {
    return ended != null && panes.events() >= ended.events();
  }

  /** Whether nothing was measured of the run. */
  boolean empty() {
    return panes.newest() == NONE;
  }

  /** The run as it stays when its panes are closed; takes away what was kept of it. */
  ClosedRun close(StateWriter out) {
    ClosedRun closed =
        new ClosedRun(run, lastEnd, panes.all().toBytes(), panes.eventsByPartition(), 0);
    panes.forget(run, out);
    waits.keySet().forEach(end -> out.write(MergeKey.waited(run, end), null));
    out.write(MergeKey.ended(run), null);
    out.write(MergeKey.progress(run), null);
    return closed;
  }

  /** Takes back one entry that was given to be kept. */
  void restore(byte kind, ByteBuffer key, byte[] value) {
    switch (kind) {
      case MergeKey.PANE -> panes.put(key.getInt(), key.getLong(), value);
      case MergeKey.FOLDED -> panes.restoreFolded(key.getInt(), value);
      case MergeKey.WAIT -> waits.put(key.getLong(), ByteBuffer.wrap(value).getLong());
      case MergeKey.PULSE -> {
        var pulse = (Report.Pulse) Report.fromBytes(value);
        panes.put(pulse);
        clock = Math.max(clock, pulse.at());
      }
      case MergeKey.PROGRESS -> {
        ByteBuffer in = ByteBuffer.wrap(value);
        lastEnd = in.getLong();
        settleFrom = in.getLong();
        freshFrom = settleFrom;
      }
      case MergeKey.ENDED -> ended = (Report.RunEnded) Report.fromBytes(value);
      default -> throw new IllegalArgumentException("state has the unknown kind " + (char) kind);
    }
  }

  private static byte[] bytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }
}
