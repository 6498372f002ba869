package dev.kvasir.app.pipeline;

import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.producer.Found;
import dev.kvasir.producer.Generator;
import dev.kvasir.producer.GeneratorSettings;
import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.RunResult;
import dev.kvasir.producer.ServerAddresses;
import dev.kvasir.producer.ServerUnreachableException;
import dev.kvasir.producer.calibration.Calibration;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.workload.Workloads;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One plan executed by a generator in this process. */
public final class PlanExecution implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PlanExecution.class);

  private final PlanSource source;
  private final Plan plan;
  private final Workloads workloads;
  private final Generator.Prepared prepared;
  private final Optional<Calibration> calibration;
  private @Nullable MeterRegistry meters;
  private @Nullable Generator generator;
  private boolean stopped;

  private PlanExecution(
      PlanSource source,
      Plan plan,
      Workloads workloads,
      Generator.Prepared prepared,
      Optional<Calibration> calibration) {
    this.source = source;
    this.plan = plan;
    this.workloads = workloads;
    this.prepared = prepared;
    this.calibration = calibration;
  }

  /**
   * Reads the plan, loads its prompts and warms the client up; Kafka and the servers need not be
   * there yet.
   *
   * @param home where events wait while Kafka is away
   * @param log the log that takes the events
   * @param pipeline process id of the stages
   */
  public static PlanExecution load(PlanSource source, Home home, LogAddress log, long pipeline) {
    return load(source, home, log, 1, Map.of("pipeline", pipeline));
  }

  /**
   * The same with open loops that other generators share, and stages that are elsewhere.
   *
   * @param shards how many; 1 for none
   */
  public static PlanExecution share(PlanSource source, Home home, LogAddress log, int shards) {
    return load(source, home, log, shards, Map.of());
  }

  private static PlanExecution load(
      PlanSource source, Home home, LogAddress log, int shards, Map<String, Long> others) {
    Map<String, Long> processes = new HashMap<>(others);
    processes.put("generator", ProcessHandle.current().pid());
    Plan plan = source.parse();
    Build build = Build.current();
    Generator.Prepared prepared =
        Generator.prepare(
            GeneratorSettings.of(
                    log.bootstrapServers(),
                    log.schemas(),
                    home.spill(),
                    build.version(),
                    build.commit())
                .withShards(shards)
                .withHeldBack(source.heldBack())
                .withProcesses(processes)
                .withServersAfter(Processors.freeing()));
    try {
      Workloads workloads = Workloads.load(plan.workloads(), source.datasets());
      return new PlanExecution(source, plan, workloads, prepared, Calibrations.of(home));
    } catch (RuntimeException e) {
      prepared.close();
      throw e;
    }
  }

  public Plan plan() {
    return plan;
  }

  /** Has the generator report its meters once it is connected; before {@link #execute}. */
  public void meter(MeterRegistry registry) {
    meters = registry;
  }

  /** Records of the data set that were left out. */
  public List<String> skipped() {
    return workloads.skipped();
  }

  /**
   * Executes the plan. The log's topics must exist.
   *
   * @param alone whether no other generator is alive, so that no run without an end gets one; else
   *     only the runs of generators that died on this home are ended
   * @param resume whether runs that the log holds as settled are not made again
   * @param servers where servers are that the plan does not say
   * @param news hears of every run, on this thread
   * @throws ServerUnreachableException if no server can be reached; no run has started then
   */
  public void execute(
      boolean alone, boolean resume, ServerAddresses servers, Consumer<GeneratorNews> news)
      throws ServerUnreachableException, InterruptedException {
    Generator connected = prepared.connect();
    if (meters != null) {
      connected.meter(meters);
    }
    if (!begin(connected)) {
      return;
    }
    Precedence.measureFirst();
    List<RunFinished> aborted =
        alone ? connected.closeOrphanedRuns() : connected.closeAbandonedRuns();
    aborted.forEach(run -> LOG.info("a run had no end and was aborted run={}", run.getRun()));
    calibration.ifPresent(found ->
        found
            .warnings(plan, workloads)
            .forEach(each -> news.accept(new GeneratorNews.Warned(each))));
    connected.execute(plan, workloads, source.recorded(plan), resume, servers, new Reporter(news));
  }

  private synchronized boolean begin(Generator opened) {
    generator = opened;
    return !stopped;
  }

  /** Ends the run under way as aborted and starts no further one; from any thread. */
  public void stop() {
    stop(List.of());
  }

  /**
   * The same.
   *
   * @param reasons what the run under way says of it, one sentence each
   */
  public synchronized void stop(List<String> reasons) {
    stopped = true;
    if (generator != null) {
      generator.stop(reasons);
    }
  }

  /** Waits until Kafka has what was measured. */
  @Override
  public void close() {
    Generator connected = generator();
    if (connected == null) {
      prepared.close();
    } else {
      connected.close();
    }
  }

  private synchronized @Nullable Generator generator() {
    return generator;
  }

  private record Reporter(Consumer<GeneratorNews> news) implements Generator.Progress {

    @Override
    public void started(RunStarted run) {
      news.accept(GeneratorNews.Started.of(run));
    }

    @Override
    public void finished(RunResult run) {
      news.accept(GeneratorNews.Finished.of(run));
    }

    @Override
    public void resumed(int runs) {
      news.accept(new GeneratorNews.Resumed(runs));
    }

    @Override
    public void warned(String text) {
      news.accept(new GeneratorNews.Warned(text));
    }

    @Override
    public void found(Found found) {
      news.accept(new GeneratorNews.Found(found.text()));
    }
  }
}
