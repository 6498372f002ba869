package dev.kvasir.producer.arrival;

import dev.kvasir.producer.spread.Spread;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * How long a user waits between the end of a request and the next one.
 *
 * @param min the shortest time, not negative
 * @param max the longest time, not below the shortest
 * @param spread how the times are spread between them
 */
public record ThinkTime(Duration min, Duration max, Spread spread) {

  /** Not at all. */
  public static final ThinkTime NONE = exactly(Duration.ZERO);

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long MILLI = 1_000_000;

  public ThinkTime {
    if (min.isNegative() || max.compareTo(min) < 0) {
      throw new IllegalArgumentException("a think time from %s to %s".formatted(min, max));
    }
  }

  /** Always the same time. */
  public static ThinkTime exactly(Duration time) {
    return new ThinkTime(time, time, new Spread.Even());
  }

  /** From nothing on as far as a distribution reaches. */
  public static ThinkTime of(Spread spread) {
    double most = spread.at(Spread.MOST, 0, Double.POSITIVE_INFINITY);
    long millis = (long) Math.ceil(Math.min(most, Long.MAX_VALUE / 2.0) / MILLI);
    return new ThinkTime(Duration.ZERO, Duration.ofMillis(millis), spread);
  }

  /** Whether nobody waits. */
  public boolean isNone() {
    return max.isZero();
  }

  /** Whether everybody waits equally long. */
  public boolean isFixed() {
    return min.equals(max);
  }

  /** Mean of the times. */
  public Duration mean() {
    return isFixed() ? min : Duration.ofNanos(Math.round(spread.mean(nanos(min), nanos(max))));
  }

  /** The wait before a request, nanoseconds: a pure function of seed and index. */
  public long nanos(long seed, long index) {
    if (isFixed()) {
      return min.toNanos();
    }
    double share = new SplittableRandom(seed + index * GOLDEN).nextDouble();
    return Math.round(spread.at(share, nanos(min), nanos(max)));
  }

  /** {@code 500ms}, {@code 1s..5s} or {@code exponential 2s in 0s..10s}, as plans write it. */
  public String text() {
    if (isFixed()) {
      return text(nanos(min));
    }
    String range = text(nanos(min)) + ".." + text(nanos(max));
    return switch (spread) {
      case Spread.Even() -> range;
      case Spread.Normal _, Spread.LogNormal _, Spread.Exponential _ ->
          spread.text(ThinkTime::text) + (equals(of(spread)) ? "" : " in " + range);
    };
  }

  private static double nanos(Duration duration) {
    return (double) duration.toNanos();
  }

  private static String text(double nanos) {
    return PlainNumber.of(nanos / 1e9) + "s";
  }
}
