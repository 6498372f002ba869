package dev.kvasir.simulator.engine;

import java.util.function.IntUnaryOperator;

/**
 * What a client asks an engine for.
 *
 * @param arrivedNanos when it was read, on the caller's clock
 * @param prompt what it begins with
 * @param outputTokens exactly how many tokens to produce
 * @param output the id of the k-th output token, k from 0; equal calls give equal ids
 */
public record Work(long arrivedNanos, Prompt prompt, int outputTokens, IntUnaryOperator output) {
  public Work {
    if (prompt.length() < 1) {
      throw new IllegalArgumentException("the prompt is empty; expected at least 1 token");
    }
    if (outputTokens < 1) {
      throw new IllegalArgumentException(
          "%d output tokens asked for; expected at least 1".formatted(outputTokens));
    }
  }

  /** The same for a prompt of token ids, which are not copied. */
  public Work(long arrivedNanos, int[] prompt, int outputTokens, IntUnaryOperator output) {
    this(arrivedNanos, Prompt.of(prompt), outputTokens, output);
  }
}
