package dev.kvasir.simulator.engine;

import java.util.function.IntUnaryOperator;

/**
 * What a client asks the engine for.
 *
 * @param arrivedNanos when it was read, on the caller's clock
 * @param prompt token ids; not copied, and not read after {@link Engine#submit}
 * @param outputTokens exactly how many tokens to produce
 * @param output the id of the k-th output token, k from 0; equal calls give equal ids
 */
@SuppressWarnings("ArrayRecordComponent")
public record Work(long arrivedNanos, int[] prompt, int outputTokens, IntUnaryOperator output) {
  public Work {
    if (prompt.length < 1) {
      throw new IllegalArgumentException("the prompt is empty; expected at least 1 token");
    }
    if (outputTokens < 1) {
      throw new IllegalArgumentException(
          "%d output tokens asked for; expected at least 1".formatted(outputTokens));
    }
  }
}
