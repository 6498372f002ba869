package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.SimulatorOrder;
import dev.kvasir.app.pipeline.Simulators;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.simulator.profile.Profiles;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Serves models that do not exist. */
@Command(
    name = "simulate",
    description = {
      "Run simulated OpenAI-compatible servers until stopped: one for each profile and strategy,",
      "or one of the profile recompute. One that does not fit its GPUs does not start."
    },
    subcommands = {PlayCommand.class, FitCommand.class},
    footer = {
      "%nExamples:",
      "  kvasir simulate",
      "  kvasir simulate --profile small-hbm --port 8000 --model toy",
      "  kvasir simulate --profile recompute --profile hbm-prefix --emissions truth/",
      "  kvasir simulate --profile qwen3-8b-l4 --strategy lmcache-cpu --set cpu.capacity=32GB",
      "  kvasir simulate --profiles",
      "  kvasir simulate play --profile qwen3-8b-l4 --rate 1 --rate 2"
    })
final class SimulateCommand implements Callable<ExitCode> {

  private static final String USUAL = "recompute";
  private static final int FIRST_PORT = 8000;

  @ParentCommand private Kvasir kvasir;

  @Mixin private ProfileOptions wanted;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the first server, the others follow; 0 for free ones (default: 8000).")
  private int port = FIRST_PORT;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (default: 127.0.0.1).")
  private String host = "127.0.0.1";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model that the servers serve (default: the profile's).")
  private @Nullable String model;

  @Option(
      names = "--emissions",
      paramLabel = "FOLDER",
      description = "Write the true emission time of every token here.")
  private @Nullable Path emissions;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Seed of what the servers answer (default: 0).")
  private long seed;

  @Option(names = "--profiles", description = "List the profiles that come with Kvasir, and stop.")
  private boolean list;

  @Option(names = "--strategies", description = "List the strategies of profiles, and stop.")
  private boolean listStrategies;

  Kvasir kvasir() {
    return kvasir;
  }

  @Override
  public ExitCode call() throws InterruptedException {
    PrintWriter out = kvasir.terminal().out();
    if (list) {
      Profiles.names()
          .forEach(name -> out.printf("%-24s %s%n", name, Profiles.load(name).description()));
      return ExitCode.OK;
    }
    if (listStrategies) {
      Profiles.strategies()
          .forEach(name -> out.printf("%-24s %s%n", name, Profiles.strategyDescription(name)));
      return ExitCode.OK;
    }
    StopSignal stop = kvasir.stopSignal();
    SimulatorOrder order = order();
    try (Simulators servers = Simulators.start(order)) {
      for (int i = 0; i < order.servers().size(); i++) {
        out.printf(
            "%s: http://%s:%d/v1 (model %s)%n",
            order.servers().get(i).name(), host, servers.ports().get(i), servers.models().get(i));
      }
      stop.await();
    }
    return ExitCode.OK;
  }

  private SimulatorOrder order() {
    List<SimulatorOrder.Server> servers = new ArrayList<>();
    List<ProfileOptions.Choice> choices = wanted.choices(USUAL);
    for (ProfileOptions.Choice each : choices) {
      String called =
          each.strategy().isEmpty() ? each.profile() : each.profile() + "-" + each.strategy();
      servers.add(
          new SimulatorOrder.Server(
              choices.size() == 1 ? called : "%d-%s".formatted(servers.size() + 1, called),
              each.profile(),
              each.changes(),
              port == 0 ? 0 : port + servers.size(),
              model));
    }
    return new SimulatorOrder(host, servers, emissions == null ? null : emissions.toString(), seed);
  }
}
