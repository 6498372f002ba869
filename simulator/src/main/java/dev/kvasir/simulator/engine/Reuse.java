package dev.kvasir.simulator.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prompt tokens that a request did not compute, by where their KV came from.
 *
 * @param sources {@code hbm}, each tier from the highest on, and {@code prefill} for what another
 *     engine computed
 * @param tokens from each of them; not to be written to
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reuse(List<String> sources, int[] tokens) {

  /** All of them together. */
  public int total() {
    int total = 0;
    for (int each : tokens) {
      total += each;
    }
    return total;
  }

  /** Those of the cache alone, which another engine's do not belong to. */
  public int cached() {
    return total() - tokens[tokens.length - 1];
  }

  /** By source, those without any left out. */
  public Map<String, Integer> bySource() {
    Map<String, Integer> found = new LinkedHashMap<>();
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] > 0) {
        found.put(sources.get(i), tokens[i]);
      }
    }
    return found;
  }
}
