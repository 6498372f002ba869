package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.PipelineSettings;
import dev.kvasir.app.pipeline.PlanSource;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.time.Pause;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Does everything on one machine. */
@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Run a plan: start Kafka, streams, the warehouse, the live page and what the plan simulates,",
      "send the load, land every event, and print a table."
    },
    footer = {
      "%nExamples:",
      "  kvasir run examples/quickstart.yaml",
      "  kvasir run --url http://host:8000/v1/completions --model M --strategy lmcache-cpu \\",
      "    --experiment E --dataset FILE --prompts 1000 --output-len 512 --ignore-eos \\",
      "    --rate 2.5,5,10,15,20,inf --repeats 3 --seed 42 --ttft-slo 125ms --tpot-slo 200ms",
      "  kvasir run plan.yaml --set load.rates=5,10 --set repeats=1",
      "  kvasir run plan.yaml --resume",
      "  kvasir run plan.yaml --bootstrap-servers k:9092 --schema-registry http://r:8081"
    })
final class RunCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PLAN",
      description = "The plan file; without one, the options below make a plan of one strategy.")
  private @Nullable Path file;

  @Mixin private LogOptions log;
  @Mixin private PageOptions page;
  @Mixin private MeterOptions metrics;
  @Mixin private CpuOption cpus;
  @Mixin private LogLimitOption logLimit;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      description = "Port of the embedded Kafka (default: a free one).")
  private int kafkaPort;

  @Option(names = "--timings", description = "Print how long each part of the start took.")
  private boolean showTimings;

  @Option(
      names = "--resume",
      description = "Go on with an interrupted experiment: make only the runs that are missing.")
  private boolean resume;

  @Override
  public ExitCode call() throws InterruptedException {
    Timings timings = new Timings();
    Logs.into(kvasir.home(), "run");
    Precedence.compileLater();
    cpus.say(kvasir.terminal().err());
    StopSignal stop = kvasir.stopSignal();
    PlanSource source = PlanArguments.source(spec.commandLine().getParseResult(), file);
    Plan plan = source.parse();
    timings.mark("plan read");
    PipelineSettings settings =
        new PipelineSettings(
            "run", log.outside(), log.layout(), kafkaPort, page.wanted(), logLimit.bytes());
    try (Session session = Session.open(kvasir.home(), settings, timings);
        var _ = metrics.serve(session.meters(), kvasir.terminal())) {
      PlanRun run = new PlanRun(kvasir.terminal(), session, stop, timings);
      ExitCode code = run.execute(source, plan, resume);
      if (showTimings) {
        print(timings);
      }
      awaitOthers(session, stop);
      return code;
    }
  }

  private void print(Timings timings) {
    PrintWriter err = kvasir.terminal().err();
    timings
        .marks()
        .forEach(mark ->
            err.printf(Locale.ROOT, "%8.2f s  %s%n", mark.after().toMillis() / 1e3, mark.what()));
  }

  /** Whoever uses the stages of this process may finish. */
  private void awaitOthers(Session session, StopSignal stop) throws InterruptedException {
    if (!(session instanceof Session.Holding holding)) {
      return;
    }
    List<Long> others = holding.attached();
    if (!others.isEmpty()) {
      kvasir
          .terminal()
          .err()
          .printf("Waiting for what else uses this home (process %s); Ctrl-C ends it.%n", others);
    }
    while (!others.isEmpty() && !stop.isRequested()) {
      Pause.of(Duration.ofMillis(200));
      others = holding.attached();
    }
  }
}
