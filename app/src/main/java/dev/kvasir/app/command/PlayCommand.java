package dev.kvasir.app.command;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.Work;
import dev.kvasir.simulator.profile.Profiles;
import dev.kvasir.simulator.replay.Fate;
import dev.kvasir.simulator.replay.MooncakeTrace;
import dev.kvasir.simulator.replay.Outcome;
import dev.kvasir.simulator.replay.VirtualRun;
import dev.kvasir.simulator.replay.Workloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Asks what would happen, in virtual time. */
@Command(
    name = "play",
    description = {
      "Play a workload on profiles and strategies in virtual time, and print what came of it.",
      "Every combination of profile, strategy and rate is a row. The same command prints the same.",
      "Without --profile, qwen3-8b-l4 is played."
    },
    footer = {
      "%nExamples:",
      "  kvasir simulate play --profile qwen3-8b-l4 --strategy recompute --strategy lmcache-cpu \\",
      "    --rate 1 --rate 2 --input 4000 --prefix 3500 --groups 20",
      "  kvasir simulate play --profile deepseek-r1-h200 --strategy lmcache-gds \\",
      "    --set gds.link=800Gb/s --trace mooncake.jsonl --csv played/"
    })
final class PlayCommand implements Callable<ExitCode> {

  private static final String USUAL = "qwen3-8b-l4";

  /** A workload that is made up. */
  static final class MadeUp {
    @Option(
        names = "--rate",
        paramLabel = "PER-SECOND",
        description = "Mean arrivals a second, Poisson; inf for all at once (default: 1).")
    private List<String> rates = List.of("1");

    @Option(
        names = "--input",
        paramLabel = "TOKENS",
        description = "Tokens of a prompt (default: 1000).")
    private int input = 1_000;

    @Option(
        names = "--prefix",
        paramLabel = "TOKENS",
        description = "Tokens that the prompts of a group begin with (default: 0).")
    private int prefix;

    @Option(names = "--groups", paramLabel = "N", description = "Groups of prompts (default: 1).")
    private int groups = 1;

    @Option(
        names = "--output",
        paramLabel = "TOKENS",
        description = "Tokens of an answer (default: 128).")
    private int output = 128;
  }

  /** A schedule under the name of its rate. */
  private record Load(String name, List<Work> schedule) {}

  @ParentCommand private SimulateCommand simulate;

  @Mixin private ProfileOptions servers;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description = "Requests (default: 500, or the trace's).")
  private @Nullable Integer requests;

  @Option(
      names = "--passes",
      paramLabel = "N",
      description = "Play the workload so often, and report the last time (default: 1).")
  private int passes = 1;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Send a request whenever fewer than so many are under way, not by the clock.")
  private @Nullable Integer concurrency;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = "Play this trace in Mooncake's form instead of made-up prompts.")
  private @Nullable Path trace;

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      description = "How much faster than recorded a trace is (default: 1).")
  private double speed = 1;

  @ArgGroup(exclusive = false, heading = "Made-up prompts:%n")
  private MadeUp madeUp = new MadeUp();

  @Option(names = "--seed", paramLabel = "NUMBER", description = "Seed of it all (default: 42).")
  private long seed = 42;

  @Option(
      names = "--ttft",
      paramLabel = "MS",
      description = "Most time to the first token that is good enough.")
  private double ttft = Double.MAX_VALUE;

  @Option(
      names = "--tpot",
      paramLabel = "MS",
      description = "Most time of a later token that is good enough.")
  private double tpot = Double.MAX_VALUE;

  @Option(
      names = "--csv",
      paramLabel = "FOLDER",
      description = "Write a file here for each row, with a line for each request.")
  private @Nullable Path csv;

  @Override
  public ExitCode call() {
    PlayTable table = new PlayTable(ttft, tpot);
    for (ProfileOptions.Choice choice : servers.choices(USUAL)) {
      Profile built = Profiles.load(choice.profile(), choice.changes());
      String label = choice.strategy().isEmpty() ? "as it is" : choice.strategy();
      for (Load load : loads(built)) {
        Outcome outcome = play(built, load.schedule());
        table.add(choice.profile(), label, load.name(), outcome);
        write("%s-%s-%s.csv".formatted(built.name(), label, load.name()), outcome);
      }
    }
    table.lines().forEach(simulate.kvasir().terminal().out()::println);
    return ExitCode.OK;
  }

  private List<Load> loads(Profile profile) {
    Path file = trace;
    if (file != null) {
      MooncakeTrace read = read(file);
      int count = requests == null ? read.requests().size() : requests;
      return List.of(new Load("trace", read.repeated(count, speed, profile.model().maxContext())));
    }
    List<Load> loads = new ArrayList<>();
    for (String rate : madeUp.rates) {
      double perSecond = rate.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(rate);
      loads.add(new Load(rate, Workloads.poisson(wanted(perSecond))));
    }
    return loads;
  }

  private Workloads.Synthetic wanted(double perSecond) {
    return new Workloads.Synthetic(
        requests == null ? 500 : requests,
        perSecond,
        madeUp.input,
        madeUp.prefix,
        madeUp.groups,
        madeUp.output,
        seed);
  }

  private Outcome play(Profile profile, List<Work> schedule) {
    VirtualRun run = new VirtualRun(profile);
    List<Fate> fates = List.of();
    for (int pass = 0; pass < passes; pass++) {
      fates =
          concurrency == null ? run.open(run.shifted(schedule)) : run.closed(schedule, concurrency);
    }
    return Outcome.of(run, fates);
  }

  private static MooncakeTrace read(Path file) {
    try {
      return MooncakeTrace.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, Outcome outcome) {
    Path folder = csv;
    if (folder == null) {
      return;
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name), outcome.csv());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
