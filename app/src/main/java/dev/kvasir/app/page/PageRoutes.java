package dev.kvasir.app.page;

import dev.kvasir.app.http.Gate;
import dev.kvasir.app.meter.MeterRoutes;
import dev.kvasir.app.meter.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What the page's server answers; its handlers run on the loop that owns the feed. */
final class PageRoutes {

  private static final Set<String> LENGTHS = Set.of("0", "1", "10", "60");

  private final PageFiles files;
  private final LiveFeed feed;

  private PageRoutes(PageFiles files, LiveFeed feed) {
    this.files = files;
    this.feed = feed;
  }

  static Router router(Vertx vertx, Gate gate, PageFiles files, LiveFeed feed, Meters meters) {
    PageRoutes routes = new PageRoutes(files, feed);
    Router router = Router.router(vertx);
    router.route().handler(gate::admit);
    router.get("/events").handler(routes::events);
    router.get("/api/runs").handler(routes::runs);
    router.get("/api/runs/:number/windows/:seconds").handler(routes::windows);
    RunMeters runs = new RunMeters(meters.registry());
    MeterRoutes.addTo(router, meters, () -> runs.update(feed.board()));
    router.get().handler(routes::file);
    return router;
  }

  private void events(RoutingContext context) {
    if (!feed.join(context.response())) {
      text(context.response(), 503, "too many browsers have this page open: close one");
    }
  }

  private void runs(RoutingContext context) {
    json(context.response(), feed.snapshot());
  }

  private void windows(RoutingContext context) {
    String length = context.pathParam("seconds");
    if (!LENGTHS.contains(length)) {
      text(context.response(), 404, "windows are 1, 10 or 60 seconds long, or 0 for the whole run");
      return;
    }
    OptionalLong number = number(context.pathParam("number"));
    Optional<RunCard> card =
        number.isEmpty() ? Optional.empty() : feed.board().run(number.getAsLong());
    if (card.isEmpty()) {
      text(context.response(), 404, "no such run, or it is older than those that the page keeps");
      return;
    }
    json(context.response(), PageJson.history(card.get(), Integer.parseInt(length)));
  }

  private void file(RoutingContext context) {
    Optional<PageFiles.PageFile> found = files.at(context.normalizedPath());
    HttpServerResponse response = context.response();
    if (found.isEmpty()) {
      text(response, 404, "no such page");
      return;
    }
    PageFiles.PageFile file = found.get();
    response.putHeader("ETag", file.tag()).putHeader("Cache-Control", "no-cache");
    if (file.tag().equals(context.request().getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    response
        .putHeader("Content-Type", file.mediaType())
        .putHeader("Content-Encoding", "gzip")
        .end(file.gzipped());
  }

  private static OptionalLong number(String text) {
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException notANumber) {
      return OptionalLong.empty();
    }
  }

  private static void json(HttpServerResponse response, JsonObject body) {
    response
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .end(body.toBuffer());
  }

  private static void text(HttpServerResponse response, int status, String text) {
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .end(text + "\n");
  }
}
