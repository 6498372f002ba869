package dev.kvasir.producer.workload;

import java.util.random.RandomGenerator;

/**
 * A number of tokens, drawn evenly from {@code min} to {@code max}, both included.
 *
 * @param min at least 1
 * @param max at least {@code min}
 */
public record TokenRange(int min, int max) {

  public TokenRange {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException("%d..%d is no range of tokens".formatted(min, max));
    }
  }

  /** Always the same number. */
  public static TokenRange exactly(int tokens) {
    return new TokenRange(tokens, tokens);
  }

  /** Whether it is always the same number. */
  public boolean isFixed() {
    return min == max;
  }

  double mean() {
    return (min + (double) max) / 2;
  }

  int draw(RandomGenerator random) {
    return isFixed() ? min : random.nextInt(min, max + 1);
  }

  /** {@code 512} or {@code 200..800}. */
  public String text() {
    return isFixed() ? Integer.toString(min) : min + ".." + max;
  }
}
