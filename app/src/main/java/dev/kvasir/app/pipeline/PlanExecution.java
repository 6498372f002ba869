package dev.kvasir.app.pipeline;

import dev.kvasir.event.RunStarted;
import dev.kvasir.producer.Generator;
import dev.kvasir.producer.GeneratorSettings;
import dev.kvasir.producer.RunResult;
import dev.kvasir.producer.ServerUnreachableException;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.workload.Workload;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One plan executed by a generator in this process. */
public final class PlanExecution implements AutoCloseable {

  private final PlanSource source;
  private final Plan plan;
  private final Workload workload;
  private @Nullable Generator generator;
  private boolean stopped;

  private PlanExecution(PlanSource source, Plan plan, Workload workload) {
    this.source = source;
    this.plan = plan;
    this.workload = workload;
  }

  /** Reads the plan and loads its prompts; needs neither Kafka nor a server. */
  public static PlanExecution load(PlanSource source) {
    Plan plan = source.parse();
    return new PlanExecution(source, plan, Workload.load(plan.workload(), source.datasets()));
  }

  public Plan plan() {
    return plan;
  }

  /** Records of the data set that were left out. */
  public List<String> skipped() {
    return workload.skipped();
  }

  /**
   * Executes the plan.
   *
   * @param home where events wait while Kafka is away
   * @param log the log that takes the events; its topics must exist
   * @param servers addresses by strategy, which win over the plan's
   * @param news hears of every run, on this thread
   * @throws ServerUnreachableException if a server cannot be reached; no run has started then
   */
  public void execute(
      Home home, LogAddress log, Map<String, String> servers, Consumer<GeneratorNews> news)
      throws ServerUnreachableException, InterruptedException {
    Build build = Build.current();
    Generator opened =
        Generator.open(
            GeneratorSettings.of(
                log.bootstrapServers(),
                log.schemas(),
                home.spill(),
                build.version(),
                build.commit()));
    if (begin(opened)) {
      opened.execute(plan, workload, source.recorded(plan), servers, new Reporter(news));
    }
  }

  private synchronized boolean begin(Generator opened) {
    generator = opened;
    return !stopped;
  }

  /** Ends the run under way as aborted and starts no further one; from any thread. */
  public synchronized void stop() {
    stopped = true;
    if (generator != null) {
      generator.stop();
    }
  }

  /** Waits until Kafka has what was measured. */
  @Override
  public void close() {
    Generator open = generator();
    if (open != null) {
      open.close();
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
  }
}
