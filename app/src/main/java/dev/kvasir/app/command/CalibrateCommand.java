package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Calibrations;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.PipelineSettings;
import dev.kvasir.app.pipeline.PlanSource;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.producer.calibration.Calibration;
import dev.kvasir.producer.calibration.TrialResult;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.topic.TopicLayout;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures what this machine's client can measure. */
@Command(
    name = "calibrate",
    sortOptions = false,
    description = {
      "Measure how many tokens per second and how many streams this machine's client stamps",
      "faithfully, against an emitter that knows when it emitted each token; print a table, draw a",
      "figure, and keep it in the home: plans that ask for more are warned about."
    },
    footer = {
      "%nExamples:",
      "  kvasir calibrate",
      "  kvasir calibrate --seconds 10 --json",
      "  kvasir calibrate --observer examples/quickstart.yaml --pairs 4"
    })
final class CalibrateCommand implements Callable<ExitCode> {

  private static final int USUAL_SECONDS = 5;
  private static final int USUAL_PAIRS = 3;

  @ParentCommand private Kvasir kvasir;
  @Mixin private JsonOption json;
  @Mixin private CpuOption cpus;
  @Spec private CommandSpec spec;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each load lasts (default: 5).")
  private int seconds = USUAL_SECONDS;

  @Option(
      names = "--observer",
      paramLabel = "PLAN",
      description = {
        "Instead: run the first cell of a plan in pairs, the pipeline at work beside it and events"
            + " held back until its load has ended, and print how much observing shifts latencies."
      })
  private @Nullable Path observed;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "Pairs of runs of --observer (default: 3).")
  private @Nullable Integer pairs;

  @Override
  public ExitCode call() throws InterruptedException {
    if (observed != null) {
      return observe(observed, pairs == null ? USUAL_PAIRS : pairs);
    }
    if (pairs != null) {
      throw new Refusal(ExitCode.USAGE, "--pairs says how many pairs of runs --observer makes");
    }
    if (seconds < 1) {
      throw new Refusal(ExitCode.USAGE, "--seconds is " + seconds + "; it must be at least 1");
    }
    Logs.into(kvasir.home(), "calibrate");
    cpus.say(kvasir.terminal().err());
    PrintWriter err = kvasir.terminal().err();
    err.println("Warming up; leave the machine alone for about two minutes…");
    Calibration found =
        Calibrations.measure(
            kvasir.home(),
            seconds,
            result ->
                err.printf(
                    Locale.ROOT,
                    "%,6d streams, %,8.0f tokens/s: p99 lag %.2f ms%n",
                    result.streams(),
                    result.tokensPerSecond(),
                    result.lagP99Ms()));
    Calibrations.keep(kvasir.home(), found);
    Path picture = CalibrationFigure.draw(found, kvasir.home().figures("calibration")).getFirst();
    PrintWriter out = kvasir.terminal().out();
    if (json.wanted()) {
      json.print(out, found);
      return ExitCode.OK;
    }
    table(found).lines().forEach(out::println);
    out.println();
    out.println(summary(found, Calibration.FAITHFUL_MS));
    out.println(summary(found, Calibration.TOLERABLE_MS));
    out.println("Kept in " + kvasir.home().calibration());
    out.println("Figure (PDF, SVG, PNG, with data and caption): " + picture.getParent());
    return ExitCode.OK;
  }

  private ExitCode observe(Path file, int number) throws InterruptedException {
    if (number < 1) {
      throw new Refusal(ExitCode.USAGE, "--pairs is " + number + "; it must be at least 1");
    }
    Logs.into(kvasir.home(), "calibrate");
    cpus.say(kvasir.terminal().err());
    StopSignal stop = kvasir.stopSignal();
    PlanSource source = PlanArguments.source(spec.commandLine().getParseResult(), file);
    PlanSource pairing = source.observing(number);
    Plan plan = pairing.parse();
    Timings timings = new Timings();
    PipelineSettings settings = new PipelineSettings("run", null, TopicLayout.EMBEDDED, 0, null);
    try (Session session = Session.open(kvasir.home(), settings, timings)) {
      return new PlanRun(kvasir.terminal(), session, stop, timings).observe(pairing, plan, json);
    }
  }

  private static TextTable table(Calibration found) {
    TextTable table =
        new TextTable(
            List.of(
                ">streams",
                ">tokens/s",
                ">lag p50 ms",
                ">p99",
                ">p99.9",
                ">max",
                ">ITL p99 ms",
                ">true",
                ">CPU µs/token",
                ">dispatch p99 ms",
                ">missing"));
    Stream.concat(found.throughput().stream(), found.concurrency().stream())
        .forEach(result -> table.add(row(result)));
    return table;
  }

  private static List<String> row(TrialResult of) {
    return List.of(
        Integer.toString(of.streams()),
        TextTable.number(of.tokensPerSecond()),
        TextTable.number(of.lagP50Ms()),
        TextTable.number(of.lagP99Ms()),
        TextTable.number(of.lagP999Ms()),
        TextTable.number(of.lagMaxMs()),
        TextTable.number(of.gapP99Ms()),
        TextTable.number(of.trueGapP99Ms()),
        TextTable.number(of.cpuMicrosPerToken()),
        TextTable.number(of.dispatchP99Ms()),
        Long.toString(of.missing()));
  }

  private static String summary(Calibration found, double lagMs) {
    OptionalDouble tokens = found.tokensPerSecond(lagMs);
    OptionalInt streams = found.streams(lagMs);
    if (tokens.isEmpty() && streams.isEmpty()) {
      return String.format(
          Locale.ROOT,
          "No load was stamped within %.0f ms (p99): something else uses this machine.",
          lagMs);
    }
    return String.format(
        Locale.ROOT,
        "Stamped within %.0f ms (p99): up to %,.0f tokens/s and %,d streams on one event loop.",
        lagMs,
        tokens.orElse(0),
        streams.orElse(0));
  }
}
