package dev.kvasir.producer.verdict;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.metric.Attainment;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** What the measured requests of one run came to. Not thread-safe. */
public final class RunRecord {

  private static final int MOST_OF_ERROR = 200;
  private static final int MOST_TOKENS_OF_CHUNK = 100;

  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);

  /** Times to first token since due. */
  private final Thinned ttftNanos = new Thinned();

  private final Thinned tpotNanos = new Thinned();
  private int withoutFinishReason;
  private int firstPass;
  private int toldCached;
  private long toldPromptTokens;
  private long cachedTokens;
  private final Map<String, Long> cachedByTier = new TreeMap<>();
  private long claims;
  private long unsupportedClaims;
  private final PromptLengths lengths = new PromptLengths();
  private long attained;
  private long refused;
  private @Nullable String firstError;
  private @Nullable Long firstSentAt;
  private @Nullable Long lastSentAt;
  private @Nullable Long lastEndAt;
  private long lastDueAt = Long.MIN_VALUE;

  /** Takes the end of a request; those that are not measured are ignored. */
  public void add(RequestFinished request) {
    if (request.getPhase() != Phase.MEASURE) {
      return;
    }
    outcomes.merge(request.getOutcome(), 1L, Long::sum);
    attained += Attainment.of(request).both() ? 1 : 0;
    lastDueAt = Math.max(lastDueAt, request.getDueAt());
    first(request);
    lengths.add(request);
    failure(request);
    if (request.getOutcome() == Outcome.OK) {
      tpot(request);
      withoutFinishReason += request.getFinishReason() == null ? 1 : 0;
      tokens(request);
    }
    Long sent = request.getSentAt();
    if (sent != null) {
      lastSentAt = lastSentAt == null ? sent : Long.valueOf(Math.max(lastSentAt, sent));
      firstSentAt = firstSentAt == null ? sent : Long.valueOf(Math.min(firstSentAt, sent));
      lastEndAt = Math.max(request.getAt(), lastEndAt == null ? Long.MIN_VALUE : lastEndAt);
    }
  }

  private void failure(RequestFinished request) {
    switch (request.getOutcome()) {
      case HTTP_ERROR, SERVER_ERROR, CONNECTION_FAILED, CLOSED_EARLY, MALFORMED -> {
        refused++;
        firstError = firstError == null ? request.getError() : firstError;
      }
      case OK, TIMEOUT, NOT_SENT, ABORTED -> {}
    }
  }

  private void tokens(RequestFinished request) {
    Integer input = request.getInputTokens();
    Integer output = request.getOutputTokens();
    Integer cached = request.getCachedTokens();
    if (output != null && output > 1) {
      claims++;
      unsupportedClaims += isSupported(output, request.getChunks()) ? 0 : 1;
    }
    if (request.getPass() > 1) {
      return;
    }
    firstPass++;
    if (cached != null && input != null) {
      toldCached++;
      cachedTokens += cached;
      toldPromptTokens += input;
      request
          .getCachedByTier()
          .forEach((tier, tokens) -> cachedByTier.merge(tier, (long) tokens, Long::sum));
    }
  }

  /** Whether so many chunks can have brought so many tokens, more than one. */
  private static boolean isSupported(int tokens, int chunks) {
    return chunks > 1 && tokens <= (long) MOST_TOKENS_OF_CHUNK * chunks;
  }

  private void first(RequestFinished request) {
    Long first = request.getFirstContentAt();
    ttftNanos.put(
        request.getOrdinal(), first == null ? Double.NaN : (double) (first - request.getDueAt()));
  }

  private void tpot(RequestFinished request) {
    Integer tokens = request.getOutputTokens();
    Long first = request.getFirstContentAt();
    Long last = request.getLastContentAt();
    if (tokens != null && tokens >= 2 && first != null && last != null) {
      tpotNanos.put(request.getOrdinal(), (double) (last - first) / (tokens - 1));
    }
  }

  /** Requests that ended so. */
  public long count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  /** Requests that ended. */
  public long ended() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Requests that attained their limits. */
  public long attained() {
    return attained;
  }

  /** Requests that their server answered badly or not at all, other than too late. */
  long refused() {
    return refused;
  }

  /** What the first of those said, at most 200 characters of it; null when it said nothing. */
  @Nullable String firstError() {
    return firstError == null || firstError.length() <= MOST_OF_ERROR
        ? firstError
        : firstError.substring(0, MOST_OF_ERROR) + "…";
  }

  /** Requests by outcome; outcomes that did not occur are absent. */
  public Map<Outcome, Long> outcomes() {
    return Map.copyOf(outcomes);
  }

  /** Epoch nanoseconds of the first dispatch; null when nothing was sent. */
  public @Nullable Long firstSentAt() {
    return firstSentAt;
  }

  /** Epoch nanoseconds of the last dispatch; null when nothing was sent. */
  public @Nullable Long lastSentAt() {
    return lastSentAt;
  }

  /** Epoch nanoseconds of the last end of a request that was sent; null when nothing was. */
  public @Nullable Long lastEndAt() {
    return lastEndAt;
  }

  /** Successful requests of the first pass. */
  int firstPass() {
    return firstPass;
  }

  /** Successful requests of the first pass of which the server told its cached tokens. */
  int toldCached() {
    return toldCached;
  }

  /** Prompt tokens of those, as the server counts them. */
  public long toldPromptTokens() {
    return toldPromptTokens;
  }

  /** Prompt tokens of those that came from a cache. */
  public long cachedTokens() {
    return cachedTokens;
  }

  /** Those by the tier that they came from; empty when the server does not say. */
  public Map<String, Long> cachedByTier() {
    return Map.copyOf(cachedByTier);
  }

  /** Whether the server told of any request what came from a cache. */
  public boolean tellsCached() {
    return toldCached > 0;
  }

  /** Successful requests of which the server claims more than one output token. */
  long claims() {
    return claims;
  }

  /** Those of them whose chunks do not support it: it came in one, or over 100 in each. */
  long unsupportedClaims() {
    return unsupportedClaims;
  }

  /** Prompt lengths and how long first tokens took. */
  PromptLengths lengths() {
    return lengths;
  }

  /** Successful requests whose server gave no finish reason. */
  int withoutFinishReason() {
    return withoutFinishReason;
  }

  /** Nanoseconds from the last due time to the last end; 0 when nothing was sent. */
  long drainNanos() {
    return lastEndAt == null ? 0 : Math.max(0, lastEndAt - lastDueAt);
  }

  OptionalDouble medianTpotNanos() {
    return median(tpotNanos.all());
  }

  /** Median time to first token of the first quarter of the requests that had one. */
  OptionalDouble earlyTtftNanos() {
    return median(ttftNanos.firstQuarter());
  }

  /** Median time to first token of the last quarter of the requests that had one. */
  OptionalDouble lateTtftNanos() {
    return median(ttftNanos.lastQuarter());
  }

  private static OptionalDouble median(DoubleStream values) {
    double[] sorted = values.filter(value -> !Double.isNaN(value)).sorted().toArray();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[sorted.length / 2]);
  }
}
