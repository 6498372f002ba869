package dev.kvasir.simulator.server;

/** Counts of values by their size, as Prometheus has them. Lives on the server's event loop. */
final class Histogram {
  /** vLLM's limits for the time to the first token and for whole requests, in seconds. */
  static final double[] REQUEST_SECONDS = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
    80, 160, 640, 2560
  };

  /** vLLM's limits for the time between tokens, in seconds. */
  static final double[] TOKEN_SECONDS = {
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
  };

  /** Limits for tokens of a request. */
  static final double[] TOKENS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000
  };

  private final double[] limits;
  private final long[] counts;
  private double sum;
  private long count;

  /**
   * @param limits upper ones, inclusive, ascending
   */
  Histogram(double[] limits) {
    this.limits = limits.clone();
    this.counts = new long[limits.length];
  }

  void add(double value) {
    sum += value;
    count++;
    for (int i = 0; i < limits.length; i++) {
      if (value <= limits[i]) {
        counts[i]++;
        return;
      }
    }
  }

  int limits() {
    return limits.length;
  }

  double limit(int index) {
    return limits[index];
  }

  /** Values up to that limit. */
  long upTo(int index) {
    long total = 0;
    for (int i = 0; i <= index; i++) {
      total += counts[i];
    }
    return total;
  }

  double sum() {
    return sum;
  }

  long count() {
    return count;
  }
}
