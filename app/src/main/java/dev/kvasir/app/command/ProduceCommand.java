package dev.kvasir.app.command;

import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.MeterServer;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.app.pipeline.AlertWriter;
import dev.kvasir.app.pipeline.DiskGuard;
import dev.kvasir.app.pipeline.DiskPatrol;
import dev.kvasir.app.pipeline.GeneratorNews;
import dev.kvasir.app.pipeline.HostName;
import dev.kvasir.app.pipeline.JoinedGenerator;
import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.PlanExecution;
import dev.kvasir.app.pipeline.PlanSource;
import dev.kvasir.app.pipeline.StageConditions;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Topics;
import dev.kvasir.producer.ServerAddresses;
import dev.kvasir.producer.ServerUnreachableException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The load generator alone. */
@Command(
    name = "produce",
    sortOptions = false,
    description = "Send the load of a plan, and publish its events to an outside Kafka.",
    footer = {
      "%nExamples:",
      "  kvasir produce plan.yaml --bootstrap-servers k:9092 --schema-registry http://r:8081",
      "  kvasir produce plan.yaml --server recompute=http://127.0.0.1:8000/v1/completions \\",
      "    --bootstrap-servers k:9092 --schema-registry http://r:8081",
      "  kvasir produce --join --bootstrap-servers k:9092 --schema-registry http://r:8081",
      "  kvasir produce plan.yaml --shards 3 --bootstrap-servers k:9092 \\",
      "    --schema-registry http://r:8081"
    })
final class ProduceCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PLAN",
      description = "The plan file; without one, the options below make a plan of one strategy.")
  private @Nullable Path file;

  @Mixin private LogOptions log;
  @Mixin private MeterOptions metrics;
  @Mixin private CpuOption cpus;

  @Option(
      names = "--server",
      paramLabel = "STRATEGY=URL",
      description = "Address of a strategy's server, instead of the plan's; may be repeated.")
  private Map<String, String> servers = new LinkedHashMap<>();

  @Option(
      names = "--shards",
      paramLabel = "N",
      description =
          "Have N other generators, started with --join, share each open loop (default: 1, none).")
  private int shards = 1;

  @Option(
      names = "--join",
      description = "Send no plan, but the shares of runs that others execute, until stopped.")
  private boolean join;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What this generator is called with --join (default: host and process).")
  private @Nullable String name;

  @Option(names = "--resume", description = "Make only the runs that the log does not hold yet.")
  private boolean resume;

  @Override
  public ExitCode call() throws InterruptedException {
    Logs.into(kvasir.home(), "produce");
    cpus.say(kvasir.terminal().err());
    StopSignal stop = kvasir.stopSignal();
    LogAddress address = log.required();
    if (join) {
      return join(address, stop);
    }
    PlanSource source = PlanArguments.source(spec.commandLine().getParseResult(), file);
    PrintWriter out = kvasir.terminal().out();
    List<GeneratorNews.Finished> finished = new ArrayList<>();
    AlertWriter alerts = new AlertWriter(address);
    boolean full;
    try (Meters meters = Meters.ofThisProcess();
        PlanExecution execution = PlanExecution.share(source, kvasir.home(), address, shards);
        DiskPatrol disk =
            new DiskPatrol(
                DiskGuard.of(kvasir.home(), alerts),
                kvasir.terminal().err()::println,
                execution::stop);
        var _ = serve(meters)) {
      execution.meter(meters.registry());
      stop.onRequest(execution::stop);
      execution.skipped().forEach(record -> kvasir.terminal().err().println("left out: " + record));
      if (!awaitLog(address)) {
        return ExitCode.INTERRUPTED;
      }
      mustHaveRoom(disk);
      disk.begin();
      execution.execute(
          false,
          resume,
          ServerAddresses.of(servers),
          news -> {
            disk.hear(news);
            tell(out, news, finished);
          });
      full = disk.wasFull();
    } catch (ServerUnreachableException e) {
      throw new Refusal(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
    alerts.await();
    if (full) {
      return ExitCode.FAILED;
    }
    return finished.stream().allMatch(RunReport::isUsable) ? ExitCode.OK : ExitCode.NOT_USABLE;
  }

  private @Nullable MeterServer serve(Meters meters) {
    meters.watch("producer", () -> Condition.WORKING);
    StageConditions.watch(meters, kvasir.home());
    return metrics.serve(meters, kvasir.terminal());
  }

  private static void mustHaveRoom(DiskPatrol disk) {
    String refusal = disk.refusal();
    if (refusal != null) {
      throw new Refusal(ExitCode.FAILED, refusal);
    }
  }

  /** Waits until the log can be used; false if a stop was requested before. */
  private boolean awaitLog(LogAddress address) throws InterruptedException {
    return kvasir
        .patientStart()
        .of(() -> {
          Topics.prepare(address, log.layout());
          return true;
        })
        .isPresent();
  }

  private ExitCode join(LogAddress address, StopSignal stop) throws InterruptedException {
    if (file != null || shards > 1) {
      throw new Refusal(
          ExitCode.USAGE,
          "--join takes no plan and no --shards: what is sent comes from who executes the plan");
    }
    String called =
        name == null ? "%s-%d".formatted(HostName.local(), ProcessHandle.current().pid()) : name;
    if (!awaitLog(address)) {
      return ExitCode.INTERRUPTED;
    }
    try (Meters meters = Meters.ofThisProcess();
        JoinedGenerator generator = JoinedGenerator.open(kvasir.home(), address, called, servers);
        var _ = serve(meters)) {
      generator.meter(meters.registry());
      stop.onRequest(generator::stop);
      kvasir
          .terminal()
          .err()
          .printf("%s shares runs over %s.%n", called, address.bootstrapServers());
      generator.run();
    }
    return ExitCode.OK;
  }

  private void tell(PrintWriter out, GeneratorNews news, List<GeneratorNews.Finished> finished) {
    if (news instanceof GeneratorNews.Warned(String text)) {
      kvasir.terminal().err().println("Note: " + text);
    }
    if (news instanceof GeneratorNews.Found(String text)) {
      out.println(text);
    }
    if (news instanceof GeneratorNews.Started run) {
      out.printf("%s started%n", run.id());
    }
    if (news instanceof GeneratorNews.Finished run) {
      finished.add(run);
      out.printf(
          "%s %s%s%n",
          run.id(),
          run.verdict().toLowerCase(Locale.ROOT).replace('_', '-'),
          run.reasons().isEmpty() ? "" : ": " + String.join("; ", run.reasons()));
    }
  }
}
