package dev.kvasir.app.page;

import dev.kvasir.event.Phase;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The page's state as JSON. Times are epoch milliseconds, latencies milliseconds, run numbers text;
 * what is not known is null.
 */
final class PageJson {

  private static final double NANOS_PER_MILLI = 1e6;

  private PageJson() {}

  /** Every run with the last window of each length. */
  static JsonArray runs(List<RunCard> cards) {
    JsonArray runs = new JsonArray();
    for (RunCard card : cards) {
      JsonArray latest = new JsonArray();
      card.latest().values().forEach(point -> latest.add(point(card, point)));
      runs.add(run(card).put("latest", latest));
    }
    return runs;
  }

  /** A run and those of its windows that changed. */
  static JsonObject update(RunCard card, List<WindowPoint> changed) {
    return new JsonObject().put("run", run(card)).put("windows", points(card, changed));
  }

  /** A run and its recent windows of one length. */
  static JsonObject history(RunCard card, int seconds) {
    return new JsonObject()
        .put("run", run(card))
        .put("windows", points(card, card.history(seconds)));
  }

  private static JsonObject run(RunCard card) {
    RunIdentity identity = Objects.requireNonNull(card.identity());
    JsonObject run =
        new JsonObject()
            .put("number", Long.toString(card.number()))
            .put("id", identity.id())
            .put("experiment", identity.experiment())
            .put("strategy", identity.strategy())
            .put("cell", identity.cell())
            .put("loadPoint", identity.loadPoint())
            .put("repeat", identity.repeat())
            .put("passes", identity.passes())
            .put("model", identity.model())
            .put("startedAt", millis(identity.startedAt()))
            .put("startAt", millis(identity.startAt()))
            .put("planned", identity.planned())
            .put("durationMs", millis(identity.durationNanos()))
            .put("ttftSloMs", millis(identity.ttftSloNanos()))
            .put("tpotSloMs", millis(identity.tpotSloNanos()))
            .put("target", identity.target())
            .put("state", state(card))
            .put("pass", card.pass())
            .put("verdict", verdict(card.verdict()))
            .put("retraction", card.retraction())
            .put("alerts", alerts(card.alerts()));
    RunFinished finished = card.finished();
    if (finished != null) {
      run.put("finishedAt", millis(finished.getAt()))
          .put("reasons", new JsonArray(List.copyOf(finished.getReasons())))
          .put("outcomes", new JsonObject(Map.copyOf(finished.getOutcomes())));
    }
    return run;
  }

  private static String state(RunCard card) {
    if (card.finished() != null) {
      return "finished";
    }
    Phase phase = card.phase();
    if (phase == null) {
      return "starting";
    }
    return switch (phase) {
      case WARM_UP -> "warm-up";
      case MEASURE -> "measuring";
      case COOL_DOWN -> "cool-down";
    };
  }

  private static @Nullable String verdict(@Nullable Verdict verdict) {
    return verdict == null ? null : verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static JsonArray alerts(List<RaisedAlert> raised) {
    JsonArray alerts = new JsonArray();
    for (RaisedAlert alert : raised) {
      alerts.add(
          new JsonObject()
              .put("rule", alert.rule())
              .put("metric", alert.metric())
              .put("raisedAt", millis(alert.raisedAt()))
              .put("value", finite(alert.value()))
              .put("threshold", finite(alert.threshold()))
              .put("clearedAt", millis(alert.clearedAt())));
    }
    return alerts;
  }

  private static JsonArray points(RunCard card, Collection<WindowPoint> points) {
    JsonArray array = new JsonArray();
    points.forEach(point -> array.add(point(card, point)));
    return array;
  }

  private static JsonObject point(RunCard card, WindowPoint point) {
    return new JsonObject()
        .put("s", point.seconds())
        .put("end", point.end())
        .put("sent", point.sent())
        .put("ok", point.ok())
        .put("failed", point.failed())
        .put("timeouts", point.timeouts())
        .put("tokensPerSecond", finite(card.tokensPerSecond(point)))
        .put("attainment", finite(point.attainment()))
        .put("ttft", latency(point.ttft()))
        .put("itl", latency(point.itl()))
        .put("inFlight", point.inFlight())
        .put("waiting", point.waiting())
        .put("breached", point.breached())
        .put("oldestWaitMs", finite(point.oldestWaitMillis()))
        .put("late", point.late());
  }

  private static @Nullable JsonObject latency(@Nullable Latency latency) {
    if (latency == null) {
      return null;
    }
    return new JsonObject()
        .put("n", latency.count())
        .put("p50", finite(latency.p50Millis()))
        .put("p90", finite(latency.p90Millis()))
        .put("p99", finite(latency.p99Millis()));
  }

  private static @Nullable Double millis(@Nullable Long nanos) {
    return nanos == null ? null : nanos / NANOS_PER_MILLI;
  }

  private static @Nullable Double finite(@Nullable Double value) {
    return value == null || !Double.isFinite(value) ? null : value;
  }
}
