package dev.kvasir.producer.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The prompts of one run. A prompt of a session that has a turn above 0 is due when the session's
 * turn before it has ended and a pause has passed; the turns of a session stand in their order, not
 * necessarily side by side.
 *
 * @param measured by ordinal, from 0
 * @param warmUp by warm-up request; none of them is among the measured ones
 * @param repeated how many of the measured prompts are second uses, because the data set has too
 *     few; they meet a warm prefix cache
 * @param hash SHA-256, in hexadecimal, over every measured prompt and its output length in order
 * @param dueNanos when a trace wants each measured prompt to leave, in nanoseconds from the run's
 *     start, never decreasing; null when the workload has no times of its own
 */
public record PromptSet(
    List<Prompt> measured,
    List<Prompt> warmUp,
    int repeated,
    String hash,
    @Nullable List<Long> dueNanos) {

  public PromptSet {
    measured = List.copyOf(measured);
    warmUp = List.copyOf(warmUp);
    dueNanos = times("due times", dueNanos, measured);
  }

  /** Prompts without times of their own. */
  public PromptSet(List<Prompt> measured, List<Prompt> warmUp, int repeated, String hash) {
    this(measured, warmUp, repeated, hash, null);
  }

  private static @Nullable List<Long> times(
      String what, @Nullable List<Long> times, List<Prompt> measured) {
    if (times == null) {
      return null;
    }
    if (times.size() != measured.size()) {
      throw new IllegalArgumentException(
          "%d %s for %d prompts".formatted(times.size(), what, measured.size()));
    }
    return List.copyOf(times);
  }
}
