package dev.kvasir.metric;

import java.util.OptionalDouble;

/** Exact percentiles of values in ascending order. */
public final class Percentile {

  private Percentile() {}

  /**
   * Linear interpolation between the two nearest ranks: NumPy's default and DuckDB's {@code
   * quantile_cont}; empty for no values.
   *
   * @param q quantile, 0 to 1
   */
  public static OptionalDouble linear(double[] ascending, double q) {
    requireQuantile(q);
    if (ascending.length == 0) {
      return OptionalDouble.empty();
    }
    double rank = q * (ascending.length - 1);
    int below = (int) Math.floor(rank);
    int above = (int) Math.ceil(rank);
    double low = ascending[below];
    return OptionalDouble.of(low + (ascending[above] - low) * (rank - below));
  }

  /**
   * The element at rank ⌊q(n−1)⌋, which a {@link LatencySketch} estimates; empty for no values.
   *
   * @param q quantile, 0 to 1
   */
  public static OptionalDouble element(double[] ascending, double q) {
    requireQuantile(q);
    return ascending.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(ascending[(int) Math.floor(q * (ascending.length - 1))]);
  }

  static void requireQuantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("quantile is " + q + "; it must be from 0 to 1");
    }
  }
}
