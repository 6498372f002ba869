package dev.kvasir.streams.pane;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one run in one partition that wait for their first token. A wait ends when both
 * the request's sending and its answer are known, in either order: the answer is its first content,
 * or its end without any. Owned by one thread.
 */
final class Waits {

  /** The limit of a request that has none. */
  static final long NEVER = Long.MAX_VALUE;

  /** One request of which one half is known. */
  private sealed interface Half {}

  /**
   * A request without an answer.
   *
   * @param dueAt epoch nanoseconds
   * @param limitAt epoch nanoseconds after which its limit is breached, or {@link #NEVER}
   * @param breached whether the breach has been counted
   */
  private record Sent(long dueAt, long limitAt, boolean breached) implements Half {}

  /**
   * An answer whose request is not known yet.
   *
   * @param at epoch nanoseconds
   */
  private record Answered(long at) implements Half {}

  /** Told of breaches: a change of the number of breached requests at a time. */
  interface Breaches {
    void change(long at, int by);
  }

  private final Map<Integer, Half> halves = new HashMap<>();
  private final Set<Integer> unsaved = new LinkedHashSet<>();
  private final Breaches breaches;

  Waits(Breaches breaches) {
    this.breaches = breaches;
  }

  void sent(int ordinal, long dueAt, long limitAt) {
    unsaved.add(ordinal);
    if (halves.remove(ordinal) instanceof Answered(long at)) {
      end(new Sent(dueAt, limitAt, false), at);
      return;
    }
    halves.put(ordinal, new Sent(dueAt, limitAt, false));
  }

  void answered(int ordinal, long at) {
    unsaved.add(ordinal);
    if (halves.remove(ordinal) instanceof Sent sent) {
      end(sent, at);
      return;
    }
    halves.put(ordinal, new Answered(at));
  }

  private void end(Sent sent, long at) {
    boolean breached = at > sent.limitAt;
    if (breached != sent.breached) {
      breaches.change(sent.limitAt, breached ? 1 : -1);
    }
    if (breached) {
      breaches.change(at, -1);
    }
  }

  /** Counts the breaches up to a time. */
  void breachUntil(long at) {
    for (Map.Entry<Integer, Half> entry : halves.entrySet()) {
      if (entry.getValue() instanceof Sent(long dueAt, long limitAt, boolean breached)
          && !breached
          && at > limitAt) {
        entry.setValue(new Sent(dueAt, limitAt, true));
        unsaved.add(entry.getKey());
        breaches.change(limitAt, 1);
      }
    }
  }

  /** When the request that waits longest was due, epoch nanoseconds; empty when nothing waits. */
  OptionalLong oldestDue() {
    long oldest = NEVER;
    for (Half half : halves.values()) {
      if (half instanceof Sent sent) {
        oldest = Math.min(oldest, sent.dueAt);
      }
    }
    return oldest == NEVER ? OptionalLong.empty() : OptionalLong.of(oldest);
  }

  /** Gives the changes since the last call: what is known of an ordinal, or null for nothing. */
  void save(Saved out) {
    for (int ordinal : unsaved) {
      Half half = halves.get(ordinal);
      out.write(ordinal, half == null ? null : toBytes(half));
    }
    unsaved.clear();
  }

  /** Takes changes by ordinal. */
  interface Saved {
    void write(int ordinal, byte @Nullable [] half);
  }

  void restore(int ordinal, byte[] half) {
    halves.put(ordinal, fromBytes(half));
  }

  /** Forgets all of them. */
  void release() {
    unsaved.addAll(halves.keySet());
    halves.clear();
  }

  private static byte[] toBytes(Half half) {
    return switch (half) {
      case Answered(long at) -> ByteBuffer.allocate(Long.BYTES).putLong(at).array();
      case Sent(long dueAt, long limitAt, boolean breached) ->
          ByteBuffer.allocate(2 * Long.BYTES + 1)
              .putLong(dueAt)
              .putLong(limitAt)
              .put((byte) (breached ? 1 : 0))
              .array();
    };
  }

  private static Half fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return bytes.length == Long.BYTES
        ? new Answered(in.getLong())
        : new Sent(in.getLong(), in.getLong(), in.get() == 1);
  }
}
