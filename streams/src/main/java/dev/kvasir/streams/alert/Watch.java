package dev.kvasir.streams.alert;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.AlertRule;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.WindowMeasured;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One rule of one run. A metric that is none of a window's is a sample's; with several series of
 * it, the worst counts. Once raised, an alert is judged by the value that clears it. Owned by one
 * thread.
 */
final class Watch {

  /** An alert is not cleared sooner than this after its condition ceased, nanoseconds. */
  static final long SHORTEST_CALM = 1_000_000_000L;

  /** {@link #lastAt} before the first judgement. */
  static final long NEVER = Long.MIN_VALUE;

  private final long run;
  private final AlertRule rule;
  private final @Nullable WindowMetric metric;
  private final Drift drift;
  private final SampledRatio ratio;
  private final Map<Map<String, String>, SampleMean> series = new HashMap<>();
  private final Map<Map<String, String>, Double> means = new HashMap<>();
  private RuleState state;
  private long lastAt;

  /** A rule that stands as given and has judged nothing yet. */
  Watch(long run, AlertRule rule, RuleState state) {
    this(run, rule, state, Drift.of(rule.getMetric()), NEVER);
  }

  /** A rule that stands as given and has judged what was up to {@code lastAt}. */
  Watch(long run, AlertRule rule, RuleState state, Drift drift, long lastAt) {
    this.run = run;
    this.rule = rule;
    this.metric = WindowMetric.of(drift.metric());
    this.state = state;
    this.drift = drift;
    this.lastAt = lastAt;
    this.ratio = SampledRatio.of(rule.getMetric());
  }

  Drift drift() {
    return drift;
  }

  AlertRule rule() {
    return rule;
  }

  RuleState state() {
    return state;
  }

  /** Time of the newest window or sample that was judged, epoch nanoseconds. */
  long lastAt() {
    return lastAt;
  }

  /** Judges a window, if it is of the rule's length and not older than the last; true on change. */
  boolean observe(WindowMeasured window, Consumer<SpecificRecord> out) {
    if (metric == null || window.getSeconds() != rule.getWindowSeconds()) {
      return false;
    }
    boolean learnt = drift.isUnknown();
    Double value = drift.of(metric.in(window), window);
    boolean changed = judge(value, window.getAt(), out);
    return changed || (learnt && !drift.isUnknown());
  }

  /** Judges a sample, if it is of the rule's metric; true on change. */
  boolean observe(Sampled sample, Consumer<SpecificRecord> out) {
    Double seen = metric == null ? ratio.in(sample) : null;
    if (seen == null) {
      return false;
    }
    SampleMean mean =
        series.computeIfAbsent(
            sample.getLabels(), absent -> new SampleMean(rule.getWindowSeconds()));
    means.put(sample.getLabels(), mean.add(sample.getAt(), seen));
    var values = means.values().stream().mapToDouble(Double::doubleValue);
    double worst = (rule.getAbove() ? values.max() : values.min()).orElseThrow();
    return judge(worst, sample.getAt(), out);
  }

  private boolean judge(@Nullable Double value, long at, Consumer<SpecificRecord> out) {
    if (value == null || at < lastAt) {
      return false;
    }
    boolean newer = at > lastAt;
    lastAt = at;
    Double clear = rule.getClearAt();
    double limit = state.raised() && clear != null ? clear : rule.getThreshold();
    boolean holds = rule.getAbove() ? value > limit : value < limit;
    long hold = rule.getHoldNanos();
    RuleState next = state.then(holds, at, hold, Math.max(hold, SHORTEST_CALM));
    if (next.raised() && !state.raised()) {
      out.accept(
          new AlertRaised(run, at, rule.getName(), rule.getMetric(), value, rule.getThreshold()));
    }
    if (!next.raised() && state.raised()) {
      out.accept(new AlertCleared(run, at, rule.getName(), rule.getMetric(), value));
    }
    boolean changed = newer || !next.equals(state);
    state = next;
    return changed;
  }
}
