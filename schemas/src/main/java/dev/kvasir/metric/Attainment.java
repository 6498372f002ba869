package dev.kvasir.metric;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import org.jspecify.annotations.Nullable;

/**
 * Whether one request met its service level objective. Limits are inclusive; one that is not given
 * is met by every request that ended well; a request that did not end well meets neither.
 *
 * @param ttft whether the limit of the time to first token was met
 * @param tpot whether the limit of the time per output token was met; an output of one token meets
 *     it (DistServe and vLLM count it so), an unknown number of tokens does not
 */
public record Attainment(boolean ttft, boolean tpot) {

  private static final Attainment MISSED = new Attainment(false, false);

  /** Judges a request by the limits that it carries. */
  public static Attainment of(RequestFinished request) {
    return of(request, request.getTtftSloNanos(), request.getTpotSloNanos());
  }

  /** Judges a request by other limits, in nanoseconds; null is no limit. */
  public static Attainment of(
      RequestFinished request, @Nullable Long ttftLimit, @Nullable Long tpotLimit) {
    if (request.getOutcome() != Outcome.OK) {
      return MISSED;
    }
    return new Attainment(meetsTtft(request, ttftLimit), meetsTpot(request, tpotLimit));
  }

  /** Whether both limits were met. */
  public boolean both() {
    return ttft && tpot;
  }

  private static boolean meetsTtft(RequestFinished request, @Nullable Long limit) {
    Long ttft = RequestMetrics.ttft(request);
    return limit == null || (ttft != null && ttft <= limit);
  }

  private static boolean meetsTpot(RequestFinished request, @Nullable Long limit) {
    if (limit == null) {
      return true;
    }
    Integer tokens = request.getOutputTokens();
    if (tokens == null) {
      return false;
    }
    Double tpot = RequestMetrics.tpot(request);
    return tokens <= 1 || (tpot != null && tpot <= limit);
  }
}
