package dev.kvasir.sink.imports;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import org.jspecify.annotations.Nullable;

/**
 * A request as another tool recorded it. Durations are seconds in the tool's own precision; what
 * the tool does not say is null.
 *
 * @param ordinal place in the run's schedule; warm-up requests count from -1 downwards
 * @param phase phase
 * @param pass pass, from 1
 * @param startNanos when it left, nanoseconds since the run's start
 * @param outcome how it ended
 * @param error what went wrong
 * @param status HTTP status
 * @param ttft time to first token
 * @param itls gaps between chunks; empty when they are not recorded
 * @param latency latency to its end
 * @param queue wait in the client before it left
 * @param tpot time per output token as the tool reports it
 * @param inputTokens prompt tokens
 * @param outputTokens output tokens
 * @param cachedTokens prompt tokens from a cache
 * @param outputHash first 64 bits of the SHA-256 of the output
 * @param session session
 * @param turn turn in its session, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // a file has millions of gaps
record ImportedRequest(
    int ordinal,
    Phase phase,
    int pass,
    long startNanos,
    Outcome outcome,
    @Nullable String error,
    @Nullable Integer status,
    @Nullable Double ttft,
    double[] itls,
    @Nullable Double latency,
    @Nullable Double queue,
    @Nullable Double tpot,
    @Nullable Integer inputTokens,
    @Nullable Integer outputTokens,
    @Nullable Integer cachedTokens,
    @Nullable Long outputHash,
    @Nullable Integer session,
    @Nullable Integer turn) {

  static final double[] NONE = {};

  /** Whether it ended well. */
  boolean ok() {
    return outcome == Outcome.OK;
  }

  /** Time from its start to its last content, seconds; null when that is not known. */
  @Nullable Double toLastContent() {
    if (ttft == null) {
      return null;
    }
    if (itls.length == 0) {
      Integer tokens = outputTokens;
      return tokens == null || tokens <= 1 ? ttft : lastOfMany(ttft, tokens);
    }
    double last = ttft;
    for (double gap : itls) {
      last += gap;
    }
    return last;
  }

  private @Nullable Double lastOfMany(double first, int tokens) {
    return tpot == null ? latency : (Double) (first + tpot * (tokens - 1));
  }

  /** Time from its start to its end, seconds; 0 when nothing tells. */
  double toEnd() {
    Double content = toLastContent();
    double first = ttft == null ? 0 : ttft;
    double end = content == null ? first : content;
    return latency == null ? end : Math.max(end, latency);
  }

  /** The same request at another place. */
  ImportedRequest at(int newOrdinal, Phase newPhase, int newPass, long newStart) {
    return new ImportedRequest(
        newOrdinal,
        newPhase,
        newPass,
        newStart,
        outcome,
        error,
        status,
        ttft,
        itls,
        latency,
        queue,
        tpot,
        inputTokens,
        outputTokens,
        cachedTokens,
        outputHash,
        session,
        turn);
  }
}
