package dev.kvasir.producer.client;

import dev.kvasir.time.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and takes their answers on one event loop, with native transport where there is
 * one. Thread-safe; one phase is driven at a time.
 */
public final class LoadClient implements AutoCloseable {

  private static final long CLOSE_SECONDS = 5;

  private final Vertx vertx;
  private final Loop loop;
  private final LoopHealth health;
  private final ExecutorService writer;
  private final AtomicReference<@Nullable PhaseDrive> driving = new AtomicReference<>();

  private LoadClient(Vertx vertx, Ticker ticker) {
    this.vertx = vertx;
    this.loop = new Loop(vertx, ticker);
    this.health = new LoopHealth(loop);
    this.writer =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("request-bodies").daemon().factory());
    loop.execute(TimeSlice::shorten);
    loop.execute(health::start);
  }

  public static LoadClient open(Ticker ticker) {
    return new LoadClient(
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)),
        ticker);
  }

  /**
   * Sends the requests of a phase; completes, on the event loop, when each has ended.
   *
   * @throws IllegalStateException if another phase is under way
   */
  public CompletableFuture<PhaseTally> drive(PhaseLoad load) {
    BodiesAhead bodies = new BodiesAhead(load, writer);
    bodies.fill();
    PhaseDrive drive = new PhaseDrive(loop, health, load, bodies);
    if (!driving.compareAndSet(null, drive)) {
      throw new IllegalStateException("a phase is under way; wait for its end");
    }
    loop.execute(drive::start);
    return drive.done().whenComplete((tally, failure) -> driving.set(null));
  }

  /**
   * Opens connections to a server for a phase that begins with so many requests at once; to open
   * them one after the other then would make the last request late. Completes when each stands or
   * has failed: what stands in a connection's way fails its request too.
   */
  public CompletableFuture<Void> connect(Endpoint endpoint, int connections) {
    CompletableFuture<Void> opened = new CompletableFuture<>();
    loop.execute(() -> loop.connect(endpoint, connections).onComplete(_ -> opened.complete(null)));
    return opened;
  }

  /** Ends the phase under way: what is in flight is aborted, what is due is not sent. */
  public void stop() {
    PhaseDrive drive = driving.get();
    if (drive != null) {
      loop.execute(drive::stop);
    }
  }

  public LoopHealth health() {
    return health;
  }

  @Override
  public void close() {
    stop();
    loop.execute(health::stop);
    writer.shutdownNow();
    try {
      loop.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
      vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("the client's event loop did not close", e);
    }
  }
}
