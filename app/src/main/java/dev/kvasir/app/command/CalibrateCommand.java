package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Calibrations;
import dev.kvasir.producer.calibration.Calibration;
import dev.kvasir.producer.calibration.TrialResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Measures what this machine's client can measure. */
@Command(
    name = "calibrate",
    sortOptions = false,
    description = {
      "Measure how many tokens per second and how many streams this machine's client stamps",
      "faithfully, against an emitter that knows when it emitted each token, and keep it in the home:",
      "plans that ask for more are warned about."
    },
    footer = {"%nExamples:", "  kvasir calibrate", "  kvasir calibrate --seconds 10 --json"})
final class CalibrateCommand implements Callable<ExitCode> {

  private static final int USUAL_SECONDS = 5;

  @ParentCommand private Kvasir kvasir;
  @Mixin private JsonOption json;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each load lasts (default: 5).")
  private int seconds = USUAL_SECONDS;

  @Override
  public ExitCode call() throws InterruptedException {
    if (seconds < 1) {
      throw new Refusal(ExitCode.USAGE, "--seconds is " + seconds + "; it must be at least 1");
    }
    Logs.into(kvasir.home(), "calibrate");
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
    return ExitCode.OK;
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
      return "No load was stamped within %.0f ms (p99): something else uses this machine."
          .formatted(lagMs);
    }
    return String.format(
        Locale.ROOT,
        "Stamped within %.0f ms (p99): up to %,.0f tokens/s and %,d streams on one event loop.",
        lagMs,
        tokens.orElse(0),
        streams.orElse(0));
  }
}
