package dev.kvasir.app.page;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The runs that go on as gauges: for each of them and each length of window the last one's
 * percentiles, attainment and rates. Owned by the thread of the board.
 */
final class RunMeters {

  private static final String SECONDS = "seconds";
  private static final double MILLIS_PER_SECOND = 1e3;

  /** What is gauged of a window. */
  private enum Gauged {
    TTFT("kvasir.run.ttft", SECONDS, "time to first token since due"),
    ITL("kvasir.run.itl", SECONDS, "gap between content chunks"),
    ATTAINMENT("kvasir.run.attainment", null, "share of requests that met both limits"),
    TOKENS("kvasir.run.output.tokens.per.second", null, "output tokens received per second"),
    SENT("kvasir.run.sent", "requests", "measured requests sent in the window"),
    FAILED("kvasir.run.failed", "requests", "measured requests failed in the window"),
    IN_FLIGHT("kvasir.run.in.flight", "requests", "requests in flight"),
    WAITING("kvasir.run.waiting", "requests", "requests waiting for their first token"),
    OLDEST_WAIT("kvasir.run.oldest.wait", SECONDS, "longest wait for a first token");

    private final String meter;
    private final @Nullable String unit;
    private final String description;

    Gauged(String meter, @Nullable String unit, String description) {
      this.meter = meter;
      this.unit = unit;
      this.description = description;
    }

    MultiGauge register(MeterRegistry registry) {
      return MultiGauge.builder(meter).baseUnit(unit).description(description).register(registry);
    }
  }

  private final Map<Gauged, MultiGauge> gauges = new EnumMap<>(Gauged.class);
  private final MultiGauge verdicts;
  private final MultiGauge alerts;

  RunMeters(MeterRegistry registry) {
    for (Gauged gauged : Gauged.values()) {
      gauges.put(gauged, gauged.register(registry));
    }
    verdicts =
        MultiGauge.builder("kvasir.runs")
            .description("runs that the page lists, by verdict")
            .register(registry);
    alerts =
        MultiGauge.builder("kvasir.alerts")
            .description("alerts that are raised and not cleared, of runs that go on")
            .register(registry);
  }

  void update(RunBoard board) {
    Map<Gauged, List<MultiGauge.Row<?>>> rows = new EnumMap<>(Gauged.class);
    for (Gauged gauged : Gauged.values()) {
      rows.put(gauged, new ArrayList<>());
    }
    Map<String, Integer> byVerdict = new TreeMap<>();
    List<MultiGauge.Row<?>> raised = new ArrayList<>();
    for (RunCard card : board.runs()) {
      byVerdict.merge(verdict(card), 1, Integer::sum);
      if (card.finished() == null) {
        card.latest().values().forEach(point -> add(rows, card, point));
        addAlerts(raised, card);
      }
    }
    rows.forEach((gauged, all) -> gauge(gauged).register(all, true));
    alerts.register(raised, true);
    verdicts.register(
        byVerdict.entrySet().stream()
            .map(each -> MultiGauge.Row.of(Tags.of("verdict", each.getKey()), each.getValue()))
            .toList(),
        true);
  }

  private MultiGauge gauge(Gauged gauged) {
    return Objects.requireNonNull(gauges.get(gauged));
  }

  private static String verdict(RunCard card) {
    return card.verdict() == null
        ? "none"
        : card.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void addAlerts(List<MultiGauge.Row<?>> rows, RunCard card) {
    for (RaisedAlert alert : card.alerts()) {
      if (alert.clearedAt() == null) {
        rows.add(MultiGauge.Row.of(run(card).and("rule", alert.rule()), 1));
      }
    }
  }

  private static void add(
      Map<Gauged, List<MultiGauge.Row<?>>> rows, RunCard card, WindowPoint point) {
    Tags tags = run(card).and("window", point.seconds() == 0 ? "run" : point.seconds() + "s");
    addLatency(rows, Gauged.TTFT, tags, point.ttft());
    addLatency(rows, Gauged.ITL, tags, point.itl());
    addRow(rows, Gauged.ATTAINMENT, tags, point.attainment());
    addRow(rows, Gauged.TOKENS, tags, card.tokensPerSecond(point));
    addRow(rows, Gauged.SENT, tags, (double) point.sent());
    addRow(rows, Gauged.FAILED, tags, (double) point.failed());
    addRow(rows, Gauged.IN_FLIGHT, tags, (double) point.inFlight());
    addRow(rows, Gauged.WAITING, tags, (double) point.waiting());
    addRow(rows, Gauged.OLDEST_WAIT, tags, seconds(point.oldestWaitMillis()));
  }

  private static void addLatency(
      Map<Gauged, List<MultiGauge.Row<?>>> rows,
      Gauged gauged,
      Tags tags,
      @Nullable Latency latency) {
    if (latency != null) {
      addRow(rows, gauged, tags.and("quantile", "0.5"), seconds(latency.p50Millis()));
      addRow(rows, gauged, tags.and("quantile", "0.9"), seconds(latency.p90Millis()));
      addRow(rows, gauged, tags.and("quantile", "0.99"), seconds(latency.p99Millis()));
    }
  }

  private static void addRow(
      Map<Gauged, List<MultiGauge.Row<?>>> rows, Gauged gauged, Tags tags, @Nullable Double value) {
    if (value != null) {
      Objects.requireNonNull(rows.get(gauged)).add(MultiGauge.Row.of(tags, value));
    }
  }

  private static @Nullable Double seconds(@Nullable Double millis) {
    return millis == null ? null : millis / MILLIS_PER_SECOND;
  }

  private static Tags run(RunCard card) {
    RunIdentity identity = Objects.requireNonNull(card.identity());
    return Tags.of(
        "run", identity.id(),
        "experiment", identity.experiment(),
        "strategy", identity.strategy(),
        "load", identity.loadPoint());
  }
}
