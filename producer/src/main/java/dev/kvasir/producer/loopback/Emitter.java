package dev.kvasir.producer.loopback;

import dev.kvasir.time.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * An OpenAI-compatible server on the loopback address that answers every request with {@code
 * max_tokens} tokens at equal distances, one write each, on one event loop of its own.
 */
public final class Emitter implements AutoCloseable {

  private final Vertx vertx;
  private final NetServer server;

  private Emitter(Vertx vertx, NetServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /**
   * Starts an emitter on a free port.
   *
   * @param period distance of the tokens of a stream; the first follows its request by as much
   */
  public static Emitter start(Duration period, Ticker ticker, Emission emission) {
    return start(period, ticker, emission, () -> new byte[0]);
  }

  /**
   * Starts an emitter on a free port that remembers its emissions. {@code GET /emissions} answers
   * with those since the last such request, as {@link EmissionLog} writes them.
   */
  public static Emitter recording(Duration period, Ticker ticker) {
    EmissionLog log = new EmissionLog();
    return start(period, ticker, log, log::take);
  }

  private static Emitter start(
      Duration period, Ticker ticker, Emission emission, Supplier<byte[]> log) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
    NetServer server =
        vertx.createNetServer(
            new NetServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setTcpNoDelay(true)
                .setAcceptBacklog(8192));
    server.connectHandler(socket ->
        new EmittedStream((NetSocketInternal) socket, ticker, period.toNanos(), emission, log));
    try {
      server.listen().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      vertx.close();
      throw new IllegalStateException("no loopback emitter can be started", e.getCause());
    }
    return new Emitter(vertx, server);
  }

  /** Where it takes completions. */
  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1/completions";
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
