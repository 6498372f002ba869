package dev.kvasir.app.pipeline;

import dev.kvasir.app.meter.Meters;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One command's use of a home's stages: it runs them itself, or uses those of the process that
 * holds the home.
 */
public sealed interface Session extends AutoCloseable {

  /** The home. */
  Home home();

  /** Where the log is. */
  LogAddress log();

  /** Process id of the home's stages. */
  long pipelinePid();

  /** Whether nobody else can be writing to the log. */
  boolean isAlone();

  /** Waits until the log takes events. */
  void awaitLog();

  /** Waits until every stage is at work. */
  void awaitReady();

  /**
   * Checks the stages of this process.
   *
   * @throws IllegalStateException if one of them has failed for good
   */
  void mustWork();

  /** What this process measures of itself. */
  Meters meters();

  /** The live page's address, once it listens; null when there is none. */
  @Nullable URI page();

  /** The warehouse, once the session is ready. */
  Warehouse warehouse();

  /** Holds the home, or attaches to the process that does. */
  static Session open(Home home, PipelineSettings settings, Timings timings)
      throws InterruptedException {
    return switch (HomeLock.take(home)) {
      case HomeLock.Taken(HomeLock lock) -> hold(home, settings, timings, lock);
      case HomeLock.Held(Holder holder) -> attach(home, settings, holder);
    };
  }

  private static Session hold(Home home, PipelineSettings settings, Timings timings, HomeLock lock)
      throws InterruptedException {
    try {
      home.make(made(settings.outside()));
      return new Holding(home, lock, Pipeline.start(home, settings, timings));
    } catch (RuntimeException | InterruptedException e) {
      lock.close();
      throw e;
    }
  }

  private static Session attach(Home home, PipelineSettings settings, Holder holder) {
    LogAddress log = new LogAddress(holder.bootstrapServers(), holder.registry());
    if (settings.outside() != null && !settings.outside().equals(log)) {
      throw new HomeHeldException(
          home,
          holder,
          "it uses Kafka at %s, and this command asks for %s: leave --bootstrap-servers and --schema-registry away, or name another home"
              .formatted(log.bootstrapServers(), settings.outside().bootstrapServers()));
    }
    return new Attached(home, holder, log, Meters.ofThisProcess());
  }

  static Home.Made made(@Nullable LogAddress outside) throws InterruptedException {
    if (outside == null) {
      return new Home.Made("embedded", LogAddress.EMBEDDED);
    }
    return new Home.Made(
        Topics.clusterId(outside),
        outside.registry().equals(LogAddress.EMBEDDED) ? LogAddress.EMBEDDED : "outside");
  }

  /** Ends the use; a holder first waits for those who are attached. */
  @Override
  void close();

  /** This process holds the home. */
  record Holding(Home home, HomeLock lock, Pipeline pipeline) implements Session {

    @Override
    public LogAddress log() {
      return pipeline.log();
    }

    @Override
    public long pipelinePid() {
      return ProcessHandle.current().pid();
    }

    @Override
    public boolean isAlone() {
      return pipeline.hasOwnBroker() && attached().isEmpty();
    }

    @Override
    public void awaitLog() {
      pipeline.awaitLog();
    }

    @Override
    public void awaitReady() {
      lock.announce(pipeline.awaitReady());
    }

    @Override
    public void mustWork() {
      pipeline.mustWork();
    }

    @Override
    public Meters meters() {
      return pipeline.meters();
    }

    @Override
    public @Nullable URI page() {
      return pipeline.pageAddress();
    }

    @Override
    public Warehouse warehouse() {
      return Warehouse.of(pipeline.sink());
    }

    /** The processes that are attached now. */
    public List<Long> attached() {
      if (!Files.isDirectory(home.attached())) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(home.attached())) {
        return files
            .map(file -> Long.parseLong(file.getFileName().toString()))
            .filter(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(home.attached() + " cannot be read", e);
      }
    }

    @Override
    public void close() {
      try {
        pipeline.close();
      } finally {
        lock.close();
      }
    }
  }

  /** Another process holds the home. */
  record Attached(Home home, Holder holder, LogAddress log, Meters meters) implements Session {

    /** How long a supervised holder that died may take to be back. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(90);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    public Attached {
      write(mark(home));
    }

    @Override
    public long pipelinePid() {
      return holder.pid();
    }

    @Override
    public boolean isAlone() {
      return false;
    }

    @Override
    public void awaitLog() {
      // The holder introduced itself when its log was ready.
    }

    @Override
    public void awaitReady() {
      Ticker ticker = Ticker.system();
      long until = ticker.nanos() + BACK_WITHIN.toNanos();
      try {
        while (Holder.ofLocked(home).isEmpty() && ticker.nanos() < until) {
          Pause.of(BETWEEN_LOOKS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Who holds the home now: a holder that was started again has another door. */
    private Holder present() {
      return Holder.ofLocked(home).orElse(holder);
    }

    @Override
    public void mustWork() {
      // The holder looks after them.
    }

    @Override
    public @Nullable URI page() {
      String page = present().page();
      return page == null ? null : URI.create(page);
    }

    @Override
    public Warehouse warehouse() {
      return Warehouse.through(present());
    }

    @Override
    public void close() {
      meters.close();
      try {
        Files.deleteIfExists(mark(home));
      } catch (IOException e) {
        throw new UncheckedIOException(mark(home) + " cannot be removed", e);
      }
    }

    private static Path mark(Home home) {
      return home.attached().resolve(Long.toString(ProcessHandle.current().pid()));
    }

    private static void write(Path mark) {
      try {
        Files.createDirectories(mark.getParent());
        Files.writeString(mark, "");
      } catch (IOException e) {
        throw new UncheckedIOException(mark + " cannot be written", e);
      }
    }
  }
}
