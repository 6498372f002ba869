package dev.kvasir.app.page;

import dev.kvasir.event.LatencySummary;
import org.jspecify.annotations.Nullable;

/**
 * Percentiles of a latency in one window, in milliseconds.
 *
 * @param count values that they are taken from
 */
record Latency(long count, double p50Millis, double p90Millis, double p99Millis) {

  private static final double NANOS_PER_MILLI = 1e6;

  static @Nullable Latency of(@Nullable LatencySummary summary) {
    if (summary == null || summary.getCount() == 0) {
      return null;
    }
    return new Latency(
        summary.getCount(),
        summary.getP50Nanos() / NANOS_PER_MILLI,
        summary.getP90Nanos() / NANOS_PER_MILLI,
        summary.getP99Nanos() / NANOS_PER_MILLI);
  }
}
