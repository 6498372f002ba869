package dev.kvasir.streams.pane;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

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

  /** Gives what changed since the last call. */
  void save(BiConsumer<Integer, byte[]> out) {
    unsaved.forEach(ordinal ->
        out.accept(
            ordinal,
            ByteBuffer.allocate(Integer.BYTES).putInt(epochs.getOrDefault(ordinal, 1)).array()));
    unsaved.clear();
  }

  void restore(int ordinal, byte[] value) {
    epochs.put(ordinal, ByteBuffer.wrap(value).getInt());
  }
}
