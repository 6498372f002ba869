package dev.kvasir.metric;

import java.util.Arrays;
import java.util.Optional;

/**
 * A percentile over requests of which some never answered: a request that timed out counts as at
 * least its limit.
 *
 * @param value the percentile, in the values' unit
 * @param censored true if the true percentile may be larger
 */
public record CensoredPercentile(double value, boolean censored) {

  /**
   * The linearly interpolated percentile of answers and limits together; empty for no requests.
   *
   * @param answered latencies of requests that answered, in any order
   * @param limits what the others waited at least, in any order
   * @param q quantile, 0 to 1
   */
  public static Optional<CensoredPercentile> of(double[] answered, double[] limits, double q) {
    double[] all = Arrays.copyOf(answered, answered.length + limits.length);
    System.arraycopy(limits, 0, all, answered.length, limits.length);
    Arrays.sort(all);
    double smallestLimit = Arrays.stream(limits).min().orElse(Double.POSITIVE_INFINITY);
    var value = Percentile.linear(all, q);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    double above = all[(int) Math.ceil(q * (all.length - 1))];
    return Optional.of(new CensoredPercentile(value.getAsDouble(), above >= smallestLimit));
  }
}
