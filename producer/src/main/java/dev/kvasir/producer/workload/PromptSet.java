package dev.kvasir.producer.workload;

import java.util.List;

/**
 * The prompts of one run.
 *
 * @param measured by ordinal, from 0
 * @param warmUp by warm-up request; none of them is among the measured ones
 * @param repeated how many of the measured prompts are second uses, because the data set has too
 *     few; they meet a warm prefix cache
 * @param hash SHA-256, in hexadecimal, over every measured prompt and its output length in order
 */
public record PromptSet(List<Prompt> measured, List<Prompt> warmUp, int repeated, String hash) {

  public PromptSet {
    measured = List.copyOf(measured);
    warmUp = List.copyOf(warmUp);
  }
}
