package dev.kvasir.streams.pane;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lease epochs of the requests that a generator took over from another: what a lower epoch says of
 * them does not count. Empty for a run whose generators all live. Owned by one thread.
 */
final class Leases {

  private final Map<Integer, Integer> epochs = new HashMap<>();
  private final Set<Integer> unsaved = new HashSet<>();

  /** Notes the epoch of an event; false if a higher one has spoken of the request. */
  boolean counts(int ordinal, int epoch) {
    if (epoch <= 1 && epochs.isEmpty()) {
      return true;
    }
    int highest = epochs.getOrDefault(ordinal, 1);
    if (epoch > highest) {
      epochs.put(ordinal, epoch);
      unsaved.add(ordinal);
    }
    return epoch >= highest || highest == 1;
  }

  Set<Integer> ordinals() {
    return epochs.keySet();
  }

  /** Forgets all of them. */
  void release() {
    unsaved.addAll(epochs.keySet());
    epochs.clear();
  }

  /** Takes the epoch of an ordinal. */
  interface Saved {
    void write(int ordinal, byte @Nullable [] epoch);
  }

  /** Gives what changed since the last call; null for an epoch that is forgotten. */
  void save(Saved out) {
    unsaved.forEach(ordinal -> out.write(ordinal, bytes(epochs.get(ordinal))));
    unsaved.clear();
  }

  private static byte @Nullable [] bytes(@Nullable Integer epoch) {
    return epoch == null ? null : ByteBuffer.allocate(Integer.BYTES).putInt(epoch).array();
  }

  void restore(int ordinal, byte[] value) {
    epochs.put(ordinal, ByteBuffer.wrap(value).getInt());
  }
}
