package dev.kvasir.producer;

import dev.kvasir.producer.exchange.Secrets;
import dev.kvasir.producer.verdict.RunRecord;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What servers showed of a strategy in one run.
 *
 * @param tiers what their counters say of tiers, as labels
 * @param requests how the requests ended
 * @param resets what was done to empty caches before the run, as text; null when nothing was
 */
record Observed(Map<String, String> tiers, RunRecord requests, @Nullable String resets) {

  /** The labels of the run's last event. */
  Map<String, String> labels(Secrets secrets) {
    Map<String, String> labels = new TreeMap<>(tiers);
    if (requests.tellsCached()) {
      labels.put("cached_tokens", Long.toString(requests.cachedTokens()));
      labels.put("prompt_tokens", Long.toString(requests.toldPromptTokens()));
    }
    String done = secrets.hide(resets);
    if (done != null) {
      labels.put("cache_reset", done);
    }
    return labels;
  }
}
