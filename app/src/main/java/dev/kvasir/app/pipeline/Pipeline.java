package dev.kvasir.app.pipeline;

import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.app.page.PageServer;
import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.sink.SinkSettings;
import dev.kvasir.sink.SinkStage;
import dev.kvasir.streams.StreamsSettings;
import dev.kvasir.streams.StreamsStage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The stages of a home in this process: broker, streams, sink and live page. The broker starts at
 * once; the others, which only follow the log, start when somebody waits for one of them. A page
 * whose port is prescribed does not wait, so that a taken port is known before anything is
 * measured.
 */
final class Pipeline implements AutoCloseable {

  private static final Duration STREAMS_PATIENCE = Duration.ofSeconds(60);
  private static final String LOOPBACK = "127.0.0.1";

  private final Home home;
  private final PipelineSettings settings;
  private final Timings timings;
  private final String token = Token.draw();
  private final LogAddress log;
  private final Closer closer = new Closer();
  private final Meters meters = closer.add(Meters.ofThisProcess());
  private final ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<LogAddress> logReady;
  private final CompletableFuture<Void> followersWanted = new CompletableFuture<>();
  private final CompletableFuture<@Nullable PageServer> page;
  private final CompletableFuture<SinkStage> sink;
  private final CompletableFuture<StreamsStage> streams;
  private boolean bounded;

  private Pipeline(Home home, PipelineSettings settings, Timings timings) {
    this.home = home;
    this.settings = settings;
    this.timings = timings;
    this.log = settings.outside() == null ? embedded(settings.kafkaPort()) : settings.outside();
    StageConditions.watch(meters, home);
    this.logReady = start(this::startLog);
    CompletableFuture<LogAddress> following =
        followersWanted.thenCombine(logReady, (no, log) -> log);
    this.page =
        mayWait(settings.page())
            ? following.thenCompose(ready -> start(this::startPage))
            : start(this::startPage);
    this.sink = following.thenCompose(ready -> start(this::startSink));
    this.streams = following.thenCompose(ready -> start(this::startStreams));
  }

  /** Begins to start a home that this process holds, and returns at once. */
  public static Pipeline start(Home home, PipelineSettings settings, Timings timings) {
    return new Pipeline(home, settings, timings);
  }

  /** What this process measures of itself and its stages. */
  Meters meters() {
    return meters;
  }

  /** Where the log is, or will be. */
  public LogAddress log() {
    return log;
  }

  /** Whether the log is embedded in this process. */
  boolean hasOwnBroker() {
    return settings.outside() == null;
  }

  /** Waits until the log takes events. */
  public void awaitLog() {
    Started.get(logReady);
  }

  /** Waits until every stage is at work; who holds the home, as others may know it. */
  public Holder awaitReady() {
    followersWanted.complete(null);
    Started.get(streams);
    URI door = Started.get(sink).door();
    boundLog();
    URI address = pageAddress();
    ProcessHandle self = ProcessHandle.current();
    return new Holder(
        self.pid(),
        Holder.startOf(self),
        settings.role(),
        log.bootstrapServers(),
        log.registry(),
        door.toString(),
        address == null ? null : address.toString(),
        token);
  }

  private synchronized void boundLog() {
    Long bytes = settings.logBytes();
    if (bytes != null && hasOwnBroker() && !bounded) {
      bounded = true;
      closer.add(
          BoundedLog.of(
              home, log, () -> Warehouse.of(Started.get(sink)), BoundedLog.Limits.of(bytes)));
    }
  }

  private static boolean mayWait(PipelineSettings.@Nullable Page wanted) {
    return wanted == null || wanted.mayMove() || wanted.port() == 0;
  }

  /** The live page's address, once it listens; null when there is none. */
  public @Nullable URI pageAddress() {
    followersWanted.complete(null);
    PageServer server = Started.get(page);
    PipelineSettings.Page wanted = settings.page();
    return server == null || wanted == null ? null : wanted.address(server.port());
  }

  /** The warehouse of this process. */
  public SinkStage sink() {
    followersWanted.complete(null);
    return Started.get(sink);
  }

  /**
   * Checks the stages.
   *
   * @throws IllegalStateException if one of them has failed for good
   */
  public void mustWork() {
    StageConditions.mustWork(Started.get(sink));
    StageConditions.mustWork(Started.get(streams));
  }

  @Override
  public void close() {
    starters.shutdown();
    closer.close();
  }

  private static LogAddress embedded(int port) {
    return new LogAddress(LOOPBACK + ":" + (port == 0 ? Ports.free() : port), LogAddress.EMBEDDED);
  }

  private LogAddress startLog() throws IOException, InterruptedException {
    if (settings.outside() == null) {
      int port = Integer.parseInt(log.bootstrapServers().substring(LOOPBACK.length() + 1));
      EmbeddedBroker.tellOfItsEnd(System.err::println);
      closer.add(EmbeddedBroker.start(home.kafka(), port)).meter(meters.registry());
      timings.mark("broker started");
    }
    Topics.prepare(log, settings.layout());
    timings.mark("topics ready");
    return log;
  }

  private @Nullable PageServer startPage() {
    PipelineSettings.Page wanted = settings.page();
    if (wanted == null) {
      return null;
    }
    PageServer server = closer.add(LivePage.start(log, wanted, meters));
    timings.mark("page listens");
    return server;
  }

  private SinkStage startSink() throws IOException, InterruptedException {
    meters.watch("sink", () -> Condition.STARTING);
    SinkStage stage =
        closer.add(
            SinkStage.start(
                SinkSettings.of(
                    log.bootstrapServers(),
                    log.schemas(),
                    home.warehouse(),
                    home.exports(),
                    token)));
    StageConditions.watch(meters, stage);
    timings.mark("sink loads");
    return stage;
  }

  private StreamsStage startStreams() throws InterruptedException, TimeoutException {
    StreamsStage stage =
        closer.add(
            StreamsStage.start(
                StreamsSettings.of(log.bootstrapServers(), log.schemas(), home.streams())));
    StageConditions.watch(meters, stage);
    stage.awaitRunning(STREAMS_PATIENCE);
    timings.mark("streams run");
    return stage;
  }

  private <T extends @Nullable Object> CompletableFuture<T> start(Callable<T> stage) {
    return Started.by(starters, stage);
  }
}
