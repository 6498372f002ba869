package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.EngineState;
import dev.kvasir.simulator.engine.Work;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One simulated server: its routes, its engine and its event loop, which owns all of it. */
final class SimulatedServer extends VerticleBase {
  private static final int BACKLOG = 8_192;
  private static final String FAULT_HEADER = "x-kvasir-fault";
  private static final String ID_HEADER = "x-request-id";

  private final SimulatedServers.Server settings;
  private final SimulatedServers.Options options;
  private final EpochClock clock;
  private final ServerLedger ledger;
  private final RequestReader reader;
  private final long createdSeconds;
  private long nextRequest;
  private long lookedNanos;
  private double lookedBusyNanos;
  private @Nullable HttpServer http;
  private @Nullable EngineLoop engine;
  private @Nullable EventLoop loop;

  SimulatedServer(
      SimulatedServers.Server settings,
      SimulatedServers.Options options,
      EpochClock clock,
      @Nullable EmissionLog log) {
    this.settings = settings;
    this.options = options;
    this.clock = clock;
    this.ledger = new ServerLedger(settings.name(), clock, log);
    this.reader = new RequestReader(settings.model(), settings.profile().model().maxContext());
    this.lookedNanos = clock.nanoTime();
    this.createdSeconds = wallSeconds(lookedNanos, Fault.NONE);
  }

  @Override
  public Future<?> start() {
    EventLoop mine = ((ContextInternal) context).nettyEventLoop();
    loop = mine;
    engine = new EngineLoop(settings.profile(), mine, clock);
    HttpServerOptions http1 =
        new HttpServerOptions()
            .setTcpNoDelay(true)
            .setAcceptBacklog(BACKLOG)
            .setHttp2ClearTextEnabled(false);
    HttpServer server = vertx.createHttpServer(http1).requestHandler(this::route);
    http = server;
    long crashAfter = settings.profile().faults().crashAfter();
    if (crashAfter > 0) {
      crashAfter(crashAfter);
    }
    return server.listen(settings.port(), options.host());
  }

  /** Breaks every connection after a while, and listens no more. */
  private void crashAfter(long nanos) {
    HttpServer server = started(http);
    var _ = started(loop).schedule(() -> server.close(), nanos, TimeUnit.NANOSECONDS);
  }

  /** The port that it listens on; valid once deployed. */
  int port() {
    return started(http).actualPort();
  }

  private void route(HttpServerRequest request) {
    switch (request.path() == null ? "" : request.path()) {
      case "/v1/completions" -> complete(request, false);
      case "/v1/chat/completions" -> complete(request, true);
      case "/v1/models" -> reply(request, HttpMethod.GET, this::models);
      case "/version" -> reply(request, HttpMethod.GET, this::version);
      case "/health" -> reply(request, HttpMethod.GET, () -> "");
      case "/metrics" -> reply(request, HttpMethod.GET, this::metrics);
      case "/reset_prefix_cache" -> reply(request, HttpMethod.POST, this::resetPrefixCache);
      default ->
          fail(request, new ApiException(404, null, "nothing is at %s".formatted(request.path())));
    }
  }

  private interface Page {
    String text();
  }

  private void reply(HttpServerRequest request, HttpMethod method, Page page) {
    if (!allowed(request, method)) {
      return;
    }
    String text = page.text();
    String type = text.startsWith("{") ? "application/json" : "text/plain; version=0.0.4";
    var _ = request.response().putHeader("content-type", type).end(text);
  }

  private boolean allowed(HttpServerRequest request, HttpMethod method) {
    if (request.method().equals(method)) {
      return true;
    }
    fail(
        request,
        new ApiException(405, null, "%s is for %s only".formatted(request.path(), method.name())));
    return false;
  }

  private String models() {
    JsonObject model =
        new JsonObject()
            .put("id", settings.model())
            .put("object", "model")
            .put("created", createdSeconds)
            .put("owned_by", "kvasir-simulator")
            .put("root", settings.profile().model().name())
            .put("max_model_len", settings.profile().model().maxContext());
    return new JsonObject().put("object", "list").put("data", new JsonArray().add(model)).encode();
  }

  private String version() {
    String version = getClass().getPackage().getImplementationVersion();
    return new JsonObject()
        .put("version", "kvasir-simulator " + (version == null ? "unpackaged" : version))
        .put("profile", settings.profile().name())
        .encode();
  }

  private String metrics() {
    EngineState state = started(engine).state();
    return MetricsText.of(settings.model(), settings.profile(), state, ledger, busyShare(state));
  }

  /** Share of the time since the last look that engines were in a step, 0 to 1. */
  private double busyShare(EngineState state) {
    long now = clock.nanoTime();
    double passed = (double) (now - lookedNanos) * settings.profile().layout().engines();
    double share = (state.busyNanos() - lookedBusyNanos) / passed;
    lookedNanos = now;
    lookedBusyNanos = state.busyNanos();
    return Math.clamp(share, 0, 1);
  }

  private String resetPrefixCache() {
    started(engine).resetPrefixCache();
    return "";
  }

  private void complete(HttpServerRequest request, boolean chat) {
    if (!allowed(request, HttpMethod.POST)) {
      return;
    }
    if (request.version() != HttpVersion.HTTP_1_1) {
      fail(request, new ApiException(505, null, "the request is no HTTP/1.1; expected it to be"));
      return;
    }
    String given = request.getHeader(ID_HEADER);
    String id = given == null ? settings.name() + "-" + nextRequest++ : given;
    RequestBody.read(
        request,
        body -> {
          long arrived = clock.nanoTime();
          try {
            serve(request, id, arrived, reader.read(chat, body, request.getHeader(FAULT_HEADER)));
          } catch (ApiException e) {
            refuse(request, id, arrived, e);
          }
        },
        error -> refuse(request, id, clock.nanoTime(), error));
  }

  /** Epoch seconds by the server's own clock, which may be off. */
  private long wallSeconds(long nanoTime, Fault fault) {
    long skew = settings.profile().faults().clockSkew();
    if (fault instanceof Fault.Skew(Duration ahead)) {
      skew += ahead.toNanos();
    }
    return (clock.epochNanos(nanoTime) + skew) / 1_000_000_000L;
  }

  private void serve(HttpServerRequest http, String id, long arrived, ApiRequest request) {
    if (request.fault() instanceof Fault.Status(int code)) {
      throw new ApiException(code, null, "status %d was asked for".formatted(code));
    }
    if (request.fault() instanceof Fault.Crash(Duration after)) {
      crashAfter(after.toNanos());
    }
    Answer answer = Answer.to(request, settings.profile().output(), options.seed());
    EventFormat format =
        new EventFormat(
            request,
            answer,
            (request.chat() ? "chatcmpl-" : "cmpl-") + id,
            settings.model(),
            wallSeconds(arrived, request.fault()));
    Exchange exchange = new Exchange(ledger, id, arrived, request, answer, format);
    HttpServerResponse response = http.response();
    exchange.writeTo(writer(http, request.fault(), exchange));
    response.setChunked(true).putHeader(ID_HEADER, id);
    EngineLoop mine = started(engine);
    long engineId =
        mine.submit(new Work(arrived, request.prompt(), answer.tokens(), answer::token), exchange);
    response.closeHandler(_ -> {
      if (exchange.disconnected()) {
        mine.abort(engineId);
      }
    });
    if (!request.stream()) {
      response.putHeader("content-type", "application/json");
      return;
    }
    response
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("cache-control", "no-cache");
    var _ = response.writeHead();
  }

  private EventWriter writer(HttpServerRequest http, Fault fault, Exchange exchange) {
    Channel channel = ((HttpServerConnection) http.connection()).channelHandlerContext().channel();
    if (fault instanceof Fault.None
        || fault instanceof Fault.Crash
        || fault instanceof Fault.Skew) {
      return new DirectWriter(http.response(), channel.pipeline().firstContext(), clock, exchange);
    }
    return new FaultyWriter(fault, http.response(), channel, started(loop), clock, exchange);
  }

  private void refuse(HttpServerRequest request, String id, long arrived, ApiException error) {
    fail(request, error);
    ledger.finished(id, arrived, null, null, null, 0, "http-" + error.status());
  }

  private static void fail(HttpServerRequest request, ApiException error) {
    JsonObject body =
        new JsonObject()
            .put("message", error.getMessage())
            .put("type", error.type())
            .put("param", error.param())
            .put("code", error.status());
    HttpServerResponse response = request.response();
    if (error.status() == 429) {
      response.putHeader("retry-after", "1");
    }
    var _ =
        response
            .setStatusCode(error.status())
            .putHeader("content-type", "application/json")
            .end(new JsonObject().put("error", body).encode());
  }

  private static <T> T started(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the server has not been started");
    }
    return part;
  }
}
