package dev.kvasir.app.page;

import dev.kvasir.app.http.Gate;
import dev.kvasir.app.http.TlsFiles;
import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.time.WallClock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import java.net.BindException;
import java.util.concurrent.CompletionException;

/**
 * The live page's server. It has one event loop, which owns the page's state, and one thread that
 * reads the topics.
 */
public final class PageServer implements AutoCloseable {

  private static final long UPDATE_MILLIS = 250;
  private static final long BEAT_MILLIS = 5_000;

  private final Vertx vertx;
  private final TopicReader reader;
  private final HttpServer server;

  private PageServer(Vertx vertx, TopicReader reader, HttpServer server) {
    this.vertx = vertx;
    this.reader = reader;
    this.server = server;
  }

  /**
   * Starts serving; the topics are read, and awaited where they are missing, in the background.
   *
   * @param meters what machines may ask of this process, on the same port
   * @throws IllegalStateException if the port cannot be listened on; the message says what to do
   */
  public static PageServer start(PageSettings settings, Meters meters) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    try {
      Context loop = vertx.getOrCreateContext();
      LiveFeed feed = new LiveFeed(loop, WallClock.system());
      meters.watch("page", () -> feed.isReading() ? Condition.WORKING : Condition.STARTING);
      HttpServer server = listen(vertx, settings, feed, meters);
      TopicReader reader =
          TopicReader.start(
              settings.bootstrapServers(), settings.registry(), WallClock.system(), feed);
      loop.runOnContext(begun -> {
        vertx.setPeriodic(UPDATE_MILLIS, tick -> feed.tellChanges());
        vertx.setPeriodic(BEAT_MILLIS, tick -> feed.beat());
      });
      return new PageServer(vertx, reader, server);
    } catch (RuntimeException e) {
      await(vertx.close());
      throw e;
    }
  }

  /** The port that the page is served on. */
  public int port() {
    return server.actualPort();
  }

  /** Ends every connection and the reading. */
  @Override
  public void close() {
    reader.close();
    await(vertx.close());
  }

  private static HttpServer listen(
      Vertx vertx, PageSettings settings, LiveFeed feed, Meters meters) {
    HttpServer server =
        vertx
            .createHttpServer(TlsFiles.serving(settings.tls()))
            .requestHandler(
                PageRoutes.router(
                    vertx, new Gate(settings.token()), PageFiles.load(), feed, meters));
    try {
      return await(server.listen(settings.port(), settings.host()));
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(refusal(settings, cause), cause);
    }
  }

  private static String refusal(PageSettings settings, Throwable cause) {
    String place = settings.host() + ":" + settings.port();
    if (cause instanceof BindException) {
      return "the live page cannot listen on "
          + place
          + " ("
          + cause.getMessage()
          + "): end the program that holds the port, or give another one with --page-port"
          + " (0 takes a free one)";
    }
    return "the live page cannot listen on " + place + ": " + cause.getMessage();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
