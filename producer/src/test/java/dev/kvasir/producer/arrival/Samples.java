package dev.kvasir.producer.arrival;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Statistics of samples and schedules. */
final class Samples {

  private Samples() {}

  /** Largest distance between the samples' distribution and the expected one. */
  static double kolmogorovSmirnov(double[] samples, DoubleUnaryOperator expected) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double share = expected.applyAsDouble(sorted[i]);
      largest = Math.max(largest, share - (double) i / sorted.length);
      largest = Math.max(largest, (i + 1.0) / sorted.length - share);
    }
    return largest;
  }

  /** What a right generator exceeds once in a thousand times. */
  static double critical(int samples) {
    return 1.95 / Math.sqrt(samples);
  }

  /** The distribution of gamma variates of mean 1, in closed form. */
  static DoubleUnaryOperator gammaOfMeanOne(double shape) {
    if (shape == 0.5) {
      return gap -> errorFunction(Math.sqrt(gap / 2));
    }
    if (shape == 1) {
      return gap -> 1 - Math.exp(-gap);
    }
    if (shape == 2) {
      return gap -> 1 - Math.exp(-2 * gap) * (1 + 2 * gap);
    }
    throw new IllegalArgumentException("shape " + shape);
  }

  /** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
  private static double errorFunction(double x) {
    double t = 1 / (1 + 0.3275911 * x);
    double polynomial =
        t
            * (0.254829592
                + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
    return 1 - polynomial * Math.exp(-x * x);
  }

  /** Variance over mean of the number of requests in each window. */
  static double indexOfDispersion(Schedule schedule, int windowSeconds) {
    int windows = (int) (schedule.lastDueNanos() / 1_000_000_000L / windowSeconds);
    double[] counts = new double[windows];
    schedule
        .dueNanos()
        .mapToInt(due -> (int) (due / 1_000_000_000L / windowSeconds))
        .filter(window -> window < windows)
        .forEach(window -> counts[window]++);
    double mean = Arrays.stream(counts).average().orElseThrow();
    double variance =
        Arrays.stream(counts).map(count -> (count - mean) * (count - mean)).average().orElseThrow();
    return variance / mean;
  }
}
