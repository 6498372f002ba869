package dev.kvasir.metric;

import org.jspecify.annotations.Nullable;

/**
 * What a run served per second. A rate is null when its duration is not positive.
 *
 * @param requests requests that ended well
 * @param inputTokens their prompt tokens
 * @param outputTokens their output tokens
 * @param attained requests that attained both limits
 * @param durationNanos first sent to last end, failures and drain included (vLLM's duration), or
 *     first due to last due for the steady variant
 */
public record Throughput(
    long requests, long inputTokens, long outputTokens, long attained, long durationNanos) {

  private static final double NANOS_PER_SECOND = 1e9;

  public @Nullable Double requestsPerSecond() {
    return perSecond(requests);
  }

  public @Nullable Double outputTokensPerSecond() {
    return perSecond(outputTokens);
  }

  public @Nullable Double totalTokensPerSecond() {
    return perSecond(inputTokens + outputTokens);
  }

  /** Requests per second that attained both limits. */
  public @Nullable Double goodput() {
    return perSecond(attained);
  }

  private @Nullable Double perSecond(long count) {
    return durationNanos <= 0 ? null : count * NANOS_PER_SECOND / durationNanos;
  }
}
