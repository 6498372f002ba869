package dev.kvasir.app.meter;

import dev.kvasir.app.http.Gate;
import dev.kvasir.app.http.Listening;
import dev.kvasir.app.http.TlsFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Serves the meters of a process that has no live page. */
public final class MeterServer implements AutoCloseable {

  private static final String NAME = "the metrics server";

  private final Vertx vertx;
  private final HttpServer server;

  private MeterServer(Vertx vertx, HttpServer server) {
    this.vertx = vertx;
    this.server = server;
  }

  /**
   * Starts serving.
   *
   * @param host address to listen on; one that is not loopback needs a token
   * @param port port to listen on, 0 for a free one
   * @param token what a reader must present as a bearer; null or blank for everyone on this machine
   * @param tls what the server shows over TLS; null for plain HTTP
   * @throws IllegalArgumentException if there is no such port, the token is short, or other
   *     machines could read without one
   * @throws IllegalStateException if the port cannot be listened on
   */
  public static MeterServer start(
      Meters meters, String host, int port, @Nullable String token, @Nullable TlsFiles tls) {
    Listening.requirePort(NAME, port);
    String asked = Listening.token(NAME, "--metrics-token", host, token);
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    Router router = Router.router(vertx);
    router.route().handler(new Gate(asked)::admit);
    MeterRoutes.addTo(router, meters, () -> {});
    try {
      return new MeterServer(
          vertx,
          await(
              vertx
                  .createHttpServer(TlsFiles.serving(tls))
                  .requestHandler(router)
                  .listen(port, host)));
    } catch (CompletionException e) {
      await(vertx.close());
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "metrics cannot be served on %s:%d (%s): give another port with --metrics-port"
              .formatted(host, port, cause.getMessage()),
          cause);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
