package dev.kvasir.app.meter;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What machines ask: {@code /metrics} in OpenMetrics, {@code /health} (503 when a stage has failed:
 * start the process again) and {@code /ready} (503 until every stage works, and while there is no
 * room for more: send no work).
 */
public final class MeterRoutes {

  private final Meters meters;

  private MeterRoutes(Meters meters) {
    this.meters = meters;
  }

  /**
   * Adds the three.
   *
   * @param beforeMetrics brings meters up to date, on the server's event loop
   */
  public static void addTo(Router router, Meters meters, Runnable beforeMetrics) {
    MeterRoutes routes = new MeterRoutes(meters);
    router
        .get("/metrics")
        .handler(context -> {
          beforeMetrics.run();
          routes.metrics(context);
        });
    router.get("/health").handler(context -> routes.probe(context, c -> c != Condition.FAILED));
    router.get("/ready").handler(context -> routes.probe(context, MeterRoutes::takesWork));
  }

  private static boolean takesWork(Condition condition) {
    return switch (condition) {
      case WORKING, NEARLY_FULL -> true;
      case STARTING, FULL, UNKNOWN, FAILED -> false;
    };
  }

  private void metrics(RoutingContext context) {
    context.response().putHeader("Content-Type", Meters.MEDIA_TYPE).end(meters.text());
  }

  private void probe(RoutingContext context, Predicate<Condition> fine) {
    Map<String, Condition> conditions = meters.conditions();
    JsonObject body = new JsonObject();
    conditions.forEach(
        (stage, condition) -> body.put(stage, condition.name().toLowerCase(java.util.Locale.ROOT)));
    context
        .response()
        .setStatusCode(conditions.values().stream().allMatch(fine) ? 200 : 503)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }
}
