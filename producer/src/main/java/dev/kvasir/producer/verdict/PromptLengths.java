package dev.kvasir.producer.verdict;

import dev.kvasir.event.RequestFinished;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the first requests of a run were answered as if the lengths of their prompts did not
 * matter. Not thread-safe.
 *
 * <p>Asked are requests that were sent while no other waited for its first token, so that no queue
 * hides what a prompt takes, and of which no cache held more than 64 tokens. Their lengths do not
 * matter when, of at least 40, the 90th percentile is at least 2,000 tokens (shorter prompts may
 * take as long as it takes to read the model's weights) and ten times the 10th, and the time to
 * first token since sent rises by less than 0.5 µs a token at 99.9 % confidence: no server computes
 * two million tokens of a prompt in a second.
 */
final class PromptLengths {

  private static final int MOST = 4096;
  private static final int LEAST = 40;
  private static final int TEMPLATE_TOKENS = 64;
  private static final double LEAST_RANGE = 10;
  private static final double LONG_PROMPT = 2000;
  private static final double LEAST_NANOS = 500;
  private static final double SHARED = 0.05;

  private final List<Asked> all = new ArrayList<>();

  /**
   * A request that was sent.
   *
   * @param waitedUntil when its first token came, else its end
   */
  private record Asked(RequestFinished end, long sentAt, long waitedUntil) {

    static @Nullable Asked of(RequestFinished end) {
      Long sent = end.getSentAt();
      Long first = end.getFirstContentAt();
      return sent == null ? null : new Asked(end, sent, first == null ? end.getAt() : first);
    }

    boolean wasComputed(CacheEvidence cache) {
      Integer cached = end.getCachedTokens();
      if (end.getInputTokens() == null || end.getFirstContentAt() == null) {
        return false;
      }
      return cached == null ? isNew(cache) : cached <= TEMPLATE_TOKENS;
    }

    /** Whether no server can have had it in a cache; false where nobody knows. */
    private boolean isNew(CacheEvidence cache) {
      return end.getOrdinal() < cache.prompts()
          && cache.metTokens() + cache.ownTokens() <= SHARED * cache.promptTokens();
    }
  }

  void add(RequestFinished end) {
    Asked asked = end.getOrdinal() < MOST ? Asked.of(end) : null;
    if (asked != null) {
      all.add(asked);
    }
  }

  /** What shows that they did not matter; empty when they did, or when too little is known. */
  Optional<String> doNotMatter(CacheEvidence cache) {
    List<Asked> alone = alone().stream().filter(each -> each.wasComputed(cache)).toList();
    double[] tokens = alone.stream().mapToDouble(each -> each.end().getInputTokens()).toArray();
    double[] sorted = tokens.clone();
    Arrays.sort(sorted);
    if (tokens.length < LEAST
        || at(sorted, 0.9) < LONG_PROMPT
        || at(sorted, 0.9) < LEAST_RANGE * at(sorted, 0.1)) {
      return Optional.empty();
    }
    double[] nanos =
        alone.stream().mapToDouble(each -> each.waitedUntil() - each.sentAt()).toArray();
    double rise = Trend.atMost(tokens, nanos);
    return rise < LEAST_NANOS
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the time to first token does not depend on the prompt: over %d prompts of %.0f to"
                    + " %.0f tokens it rises by less than %.2f µs a token, and none came from a cache",
                tokens.length,
                sorted[0],
                sorted[sorted.length - 1],
                Math.max(0.01, rise / 1e3)))
        : Optional.empty();
  }

  /** Those that were sent while no other waited for its first token. */
  private List<Asked> alone() {
    List<Asked> bySending = all.stream().sorted(Comparator.comparingLong(Asked::sentAt)).toList();
    List<Asked> alone = new ArrayList<>();
    long waitedUntil = Long.MIN_VALUE;
    for (Asked each : bySending) {
      if (each.sentAt() >= waitedUntil) {
        alone.add(each);
      }
      waitedUntil = Math.max(waitedUntil, each.waitedUntil());
    }
    return alone;
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) (share * (sorted.length - 1))];
  }
}
