package dev.kvasir.producer.workload;

import dev.kvasir.producer.spread.Spread;
import java.math.BigDecimal;
import java.util.random.RandomGenerator;

/**
 * A number of tokens, drawn from {@code min} to {@code max}, both included.
 *
 * @param min at least 1
 * @param max at least {@code min}
 * @param spread how the numbers are spread
 */
public record TokenRange(int min, int max, Spread spread) {

  private static final int LARGEST = 99_999_999;
  private static final Spread EVEN = new Spread.Even();

  public TokenRange {
    if (min < 1 || max < min) {
      throw new IllegalArgumentException("%d..%d is no range of tokens".formatted(min, max));
    }
  }

  /** Every number as likely as every other. */
  public TokenRange(int min, int max) {
    this(min, max, EVEN);
  }

  /** Always the same number. */
  public static TokenRange exactly(int tokens) {
    return new TokenRange(tokens, tokens);
  }

  /** From a number on as far as a distribution reaches. */
  public static TokenRange from(int min, Spread spread) {
    double most = spread.at(Spread.MOST, min - 0.5, Double.POSITIVE_INFINITY);
    return new TokenRange(min, Math.clamp(Math.round(most), min, LARGEST), spread);
  }

  /** Whether it is always the same number. */
  public boolean isFixed() {
    return min == max;
  }

  /** The mean of what is drawn. */
  public double mean() {
    return switch (spread) {
      case Spread.Even() -> (min + (double) max) / 2;
      case Spread.Normal _, Spread.LogNormal _, Spread.Exponential _ ->
          spread.mean(min - 0.5, max + 0.5);
    };
  }

  /** The same with so many tokens more, or fewer if below 0. */
  public TokenRange plus(int tokens) {
    return new TokenRange(min + tokens, max + tokens, spread.plus(tokens));
  }

  int draw(RandomGenerator random) {
    if (isFixed()) {
      return min;
    }
    return switch (spread) {
      case Spread.Even() -> random.nextInt(min, max + 1);
      case Spread.Normal _, Spread.LogNormal _, Spread.Exponential _ ->
          Math.clamp(Math.round(spread.at(random.nextDouble(), min - 0.5, max + 0.5)), min, max);
    };
  }

  /** {@code 512}, {@code 200..800} or {@code normal 512 sd 128 in 1..2048}. */
  public String text() {
    return switch (spread) {
      case Spread.Even() -> isFixed() ? Integer.toString(min) : min + ".." + max;
      case Spread.Normal _, Spread.LogNormal _, Spread.Exponential _ ->
          spread.text(TokenRange::number) + bounds();
    };
  }

  private String bounds() {
    return equals(from(1, spread)) ? "" : " in %d..%d".formatted(min, max);
  }

  private static String number(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }
}
