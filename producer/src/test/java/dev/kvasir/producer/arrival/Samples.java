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
