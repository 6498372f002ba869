package dev.kvasir.producer.server;

import dev.kvasir.producer.launch.Launch;
import dev.kvasir.producer.launch.LaunchedProcess;
import dev.kvasir.producer.launch.Serving;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers that stand now: those of one launch at a time, because servers of several would share
 * the machine. The thread that executes the plan owns it; a server's death is told on another.
 */
public final class Servers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

  private final Path logs;
  private final List<String> before;
  private final Ticker ticker;
  private final Readiness readiness;
  private final List<ServerProcess> started = new ArrayList<>();
  private final AtomicReference<@Nullable List<String>> failure = new AtomicReference<>();
  private volatile Runnable onFailure = () -> {};
  private @Nullable Launch written;
  private @Nullable Launch standing;
  private int starts;

  /**
   * @param logs folder for what servers write
   * @param before words before every server's command
   * @param stopping whether nobody wants servers any more
   */
  public Servers(Path logs, List<String> before, Ticker ticker, BooleanSupplier stopping) {
    this.logs = logs;
    this.before = List.copyOf(before);
    this.ticker = ticker;
    this.readiness = new Readiness(ticker, stopping);
  }

  /**
   * Has the servers of a cell stand. Those that stand serve on when their launch is the same, none
   * of them has died, and the strategy does not ask for fresh ones.
   *
   * @param strategy name for log files
   * @param parameters the cell's parameters
   */
  public Standing stand(String strategy, Serving serving, Map<String, String> parameters)
      throws InterruptedException {
    Launch wanted = serving.launch(parameters);
    Launch serves = standing;
    if (serves != null && wanted.equals(written) && !serving.fresh() && failure.get() == null) {
      return new Standing.Up(serves);
    }
    end();
    Launch launch = serving.launch(parameters, ListeningPorts.free()::nextInt);
    Optional<List<String>> reasons = start(strategy, launch);
    if (reasons.isPresent()) {
      end();
      return new Standing.Down(launch, reasons.get());
    }
    written = wanted;
    standing = launch;
    started.forEach(each -> each.onExit(() -> died(each)));
    return new Standing.Up(launch);
  }

  /**
   * Why the standing servers no longer serve; empty while they do.
   *
   * <p>From any thread.
   */
  public List<String> failure() {
    List<String> reasons = failure.get();
    return reasons == null ? List.of() : reasons;
  }

  /** What is run, on another thread, when a standing server dies; replaces what was. */
  public void onFailure(Runnable action) {
    onFailure = action;
  }

  private void died(ServerProcess server) {
    Readiness.Failure death = new Readiness.Failure(server, server.end() + " while it served");
    if (failure.compareAndSet(null, death.reasons())) {
      onFailure.run();
    }
  }

  private Optional<List<String>> start(String strategy, Launch launch) throws InterruptedException {
    starts++;
    for (LaunchedProcess process : launch.processes()) {
      Optional<List<String>> waited = awaitKinds(process.after());
      if (waited.isPresent()) {
        return waited;
      }
      Optional<List<String>> refused = start(strategy, process);
      if (refused.isPresent()) {
        return refused;
      }
    }
    Optional<List<String>> waited = await(started);
    return waited.isPresent()
        ? waited
        : readiness
            .awaitListener(URI.create(launch.url()), started)
            .map(Readiness.Failure::reasons);
  }

  private Optional<List<String>> start(String strategy, LaunchedProcess process) {
    Integer port = process.port();
    if (port != null && ListeningPorts.isTaken(port)) {
      return Optional.of(
          List.of(
              "port %d of %s is in use; end what listens there or give another port"
                  .formatted(port, process.name())));
    }
    String mark = "%d-%d-%d".formatted(ProcessHandle.current().pid(), ticker.nanos(), starts);
    Path log = logs.resolve("%s-%s-%s.log".formatted(strategy, process.name(), mark));
    try {
      started.add(ServerProcess.start(process, before, mark, log));
      LOG.info(
          "a server started server={} log={} command=\"{}\"", process.name(), log, process.line());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          List.of("%s cannot be started: %s".formatted(process.name(), e.getMessage())));
    }
  }

  private Optional<List<String>> awaitKinds(List<String> kinds) throws InterruptedException {
    return await(started.stream().filter(each -> kinds.contains(each.launched().kind())).toList());
  }

  private Optional<List<String>> await(List<ServerProcess> awaited) throws InterruptedException {
    for (ServerProcess server : awaited) {
      Optional<Readiness.Failure> problem = readiness.await(server, started);
      if (problem.isPresent()) {
        return Optional.of(problem.get().reasons());
      }
    }
    return Optional.empty();
  }

  /** Ends the standing servers and all that they started; the last started is asked first. */
  private void end() throws InterruptedException {
    written = null;
    standing = null;
    started.reversed().forEach(ServerProcess::beginEnd);
    try {
      for (ServerProcess each : started) {
        each.awaitEnd();
      }
    } finally {
      started.clear();
      failure.set(null);
    }
  }

  @Override
  public void close() {
    try {
      end();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      readiness.close();
    }
  }
}
