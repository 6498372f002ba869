package dev.kvasir.sink.statistics;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * The mean of some repeats and its 95 % interval. The unit is the repeat, never the pass or the
 * request. The SQL macro {@code interval95} is the same.
 *
 * @param n repeats
 * @param mean their mean; null for none
 * @param std their population standard deviation; null below 2
 * @param low lower end of the interval; null below 2
 * @param high upper end of the interval; null below 2
 */
public record Interval(
    int n,
    @Nullable Double mean,
    @Nullable Double std,
    @Nullable Double low,
    @Nullable Double high) {

  /** Repeats from which the interval is a bootstrap; below it is Student's t. */
  static final int BOOTSTRAP_FROM = 10;

  /** Repeats below which a result is flagged. */
  static final int FEW = 3;

  /** Coefficient of variation above which a result is flagged. */
  static final double MUCH_VARIATION = 0.1;

  private static final double TAIL = 0.025;

  /** The interval of the mean of some values. */
  static Interval of(List<Double> values) {
    double[] sample = values.stream().mapToDouble(Double::doubleValue).toArray();
    int n = sample.length;
    if (n == 0) {
      return new Interval(0, null, null, null, null);
    }
    double mean = mean(sample);
    if (n == 1) {
      return new Interval(1, mean, null, null, null);
    }
    double squares = Arrays.stream(sample).map(x -> (x - mean) * (x - mean)).sum();
    double std = Math.sqrt(squares / n);
    if (n < BOOTSTRAP_FROM) {
      double half = student(n - 1) * Math.sqrt(squares / (n - 1) / n);
      return new Interval(n, mean, std, mean - half, mean + half);
    }
    double[] means = Bootstrap.means(sample);
    return new Interval(
        n, mean, std, Bootstrap.quantile(means, TAIL), Bootstrap.quantile(means, 1 - TAIL));
  }

  /** The 97.5 % quantile of Student's t. */
  static double student(int degreesOfFreedom) {
    return TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(TAIL);
  }

  private static double mean(double[] sample) {
    return Arrays.stream(sample).average().orElseThrow();
  }

  /** Why the result should be read with care; null if it need not be. */
  public @Nullable String flag() {
    if (n < FEW) {
      return "fewer than " + FEW + " repeats";
    }
    if (mean != null && std != null && mean != 0 && std / Math.abs(mean) > MUCH_VARIATION) {
      return "varies by more than 10 %";
    }
    return null;
  }
}
