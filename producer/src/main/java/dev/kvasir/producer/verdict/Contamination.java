package dev.kvasir.producer.verdict;

import java.util.Locale;
import java.util.Optional;

/**
 * Judges whether a run that should have been cold met its own prompts in a cache.
 *
 * <p>It met them when over 5 % of its prompt tokens stand in beginnings that the server had been
 * sent before, and the server took more from its caches than the run's own prompts explain, or,
 * where the plan asks for a cold start, does not say what it took. A plan that asks for a cold
 * start is also told when the server took more than explained though nothing was known to have been
 * sent. What is explained: the beginnings that the run's prompts share among themselves and with
 * those that it sent before, 64 tokens a request for what a template puts before every prompt, and
 * 5 % for the blocks of caches.
 */
final class Contamination {

  private static final double LEAST_SHARE = 0.05;
  private static final double TEMPLATE_TOKENS = 64;

  private final CacheEvidence cache;
  private final RunRecord requests;

  private Contamination(CacheEvidence cache, RunRecord requests) {
    this.cache = cache;
    this.requests = requests;
  }

  /**
   * What was found.
   *
   * @param certain whether it spoils the run, rather than being a remark
   * @param reason one sentence
   */
  record Finding(boolean certain, String reason) {}

  static Optional<Finding> of(CacheEvidence cache, RunRecord requests) {
    if (cache.expected() == CacheEvidence.Expected.WARM || cache.promptTokens() <= 0) {
      return Optional.empty();
    }
    return new Contamination(cache, requests).finding();
  }

  private Optional<Finding> finding() {
    boolean cold = cache.expected() == CacheEvidence.Expected.COLD;
    boolean told = requests.toldCached() > 0;
    double met = cache.metTokens() / cache.promptTokens();
    if (told && requests.cachedTokens() <= explained()) {
      return Optional.empty();
    }
    if (met > LEAST_SHARE) {
      String what =
          percent(met) + " of the prompt tokens begin as prompts that the server had seen before";
      return Optional.of(
          told
              ? new Finding(true, what + ", and " + taken())
              : new Finding(cold, what + "; it does not say what it took from a cache"));
    }
    return told && cold ? Optional.of(new Finding(true, taken())) : Optional.empty();
  }

  private double explained() {
    double share = (double) requests.toldCached() / Math.max(1, requests.firstPass());
    double again = Math.max(0, (double) requests.firstPass() / Math.max(1, cache.prompts()) - 1);
    return (cache.ownTokens() + again * cache.againTokens()) * Math.min(1, share)
        + TEMPLATE_TOKENS * requests.toldCached()
        + LEAST_SHARE * requests.toldPromptTokens();
  }

  private String taken() {
    return String.format(
        Locale.ROOT,
        "it took %d of %d prompt tokens from a cache, where the run's own prompts explain %.0f",
        requests.cachedTokens(),
        requests.toldPromptTokens(),
        explained());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
