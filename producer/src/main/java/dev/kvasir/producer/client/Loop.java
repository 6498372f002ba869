package dev.kvasir.producer.client;

import dev.kvasir.time.Ticker;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One event loop and its connections. All but {@link #execute} is for the loop's own thread. */
final class Loop {

  private static final int MAX_CONNECTIONS = 50_000;

  /** Less than the 5 s after which uvicorn, under vLLM and SGLang, closes an idle connection. */
  private static final int IDLE_SECONDS = 4;

  private static final int MAX_HEADER_BYTES = 64 << 10;
  private static final int SCRATCH_BYTES = 64 << 10;

  private final ContextInternal context;
  private final EventLoop eventLoop;
  private final HttpClientAgent http;
  private final Ticker ticker;
  private final ReadTally reads = new ReadTally();
  private byte[] scratch = new byte[SCRATCH_BYTES];

  Loop(Vertx vertx, Ticker ticker) {
    this.ticker = ticker;
    this.context = ((VertxInternal) vertx).createEventLoopContext();
    this.eventLoop = context.nettyEventLoop();
    this.http =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setTcpNoDelay(true)
                    .setKeepAliveTimeout(IDLE_SECONDS)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                    .setDecompressionSupported(false)
                    .setHttp2ClearTextUpgrade(false))
            .with(
                new PoolOptions()
                    .setHttp1MaxSize(MAX_CONNECTIONS)
                    .setMaxWaitQueueSize(-1)
                    .setEventLoopSize(0))
            .withConnectHandler(connection -> ReadStamps.install(connection, ticker, reads))
            .build();
  }

  Future<HttpClientRequest> request(Endpoint endpoint) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(endpoint.host())
            .setPort(endpoint.port())
            .setSsl(endpoint.tls())
            .setURI(endpoint.path());
    if (endpoint.tls()) {
      options.setSslOptions(endpoint.trust().options());
    }
    return http.request(options);
  }

  /** Opens connections and keeps them for requests; completes when each stands or has failed. */
  Future<Void> connect(Endpoint endpoint, int connections) {
    List<Future<HttpClientRequest>> opening =
        Stream.generate(() -> request(endpoint)).limit(connections).toList();
    return Future.join(opening)
        .transform(all -> {
          opening.stream().filter(Future::succeeded).forEach(made -> giveBack(made.result()));
          return Future.succeededFuture();
        });
  }

  /** A request that was not written leaves its connection as it found it. */
  private static void giveBack(HttpClientRequest unwritten) {
    unwritten.exceptionHandler(_ -> {});
    unwritten.reset();
  }

  /** Runs on the loop, in its context; from any thread. */
  void execute(Runnable task) {
    context.runOnContext(ignored -> task.run());
  }

  ScheduledFuture<?> schedule(Runnable task, long delayNanos) {
    return eventLoop.schedule(
        () -> context.dispatch(task), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
  }

  /** Runs a task after a while; it cannot be cancelled. */
  void after(long delayNanos, Runnable task) {
    var _ = schedule(task, delayNanos);
  }

  /** What the loop has read from its sockets. */
  ReadTally reads() {
    return reads;
  }

  /** Room for bytes that are used at once. */
  byte[] scratch(int bytes) {
    if (scratch.length < bytes) {
      scratch = new byte[bytes];
    }
    return scratch;
  }

  long nanos() {
    return ticker.nanos();
  }

  Future<Void> close() {
    return http.close();
  }
}
