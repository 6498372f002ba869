package dev.kvasir.app.command;

import dev.kvasir.app.chaos.Chaos;
import dev.kvasir.app.chaos.ChaosLoad;
import dev.kvasir.app.chaos.ChaosReport;
import dev.kvasir.app.chaos.Finding;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.Logs;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Breaks everything, and looks what is left. */
@Command(
    name = "chaos",
    sortOptions = false,
    description = {
      "Run broker, producer, streams, sink and simulator as processes of their own, kill and",
      "disturb them in an order drawn from a seed, and check that nothing was lost or doubled."
    },
    footer = {
      "%nExamples:",
      "  kvasir chaos --kills 10",
      "  kvasir chaos --seed 7 --kills 100       (some twenty minutes on two cores)"
    })
final class ChaosCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "What the faults are drawn from (default: 0).")
  private long seed;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "How often a process is killed (default: 10).")
  private int kills = 10;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Requests per second meanwhile (default: 20).")
  private double rate = 20;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description = "Requests of each run (default: 100).")
  private int requests = 100;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens of each answer (default: 32).")
  private int tokens = 32;

  @Override
  public ExitCode call() throws InterruptedException {
    Logs.into(kvasir.home(), "chaos");
    PrintWriter out = kvasir.terminal().out();
    Chaos.Settings settings;
    try {
      settings =
          new Chaos.Settings(
              kvasir.home().folder().resolve("chaos").resolve(Home.stamp()),
              seed,
              kills,
              new ChaosLoad(rate, requests, tokens));
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
    out.println("Everything lies in " + settings.folder());
    ChaosReport report = Chaos.make(settings, out::println);
    show(out, report);
    return report.allHolds() ? ExitCode.OK : ExitCode.FAILED;
  }

  private static void show(PrintWriter out, ChaosReport report) {
    out.println();
    TextTable faults =
        new TextTable(
            List.of("process", "fault", ">times", ">back after s", ">at most s", ">not back"));
    report.faults().forEach(faults::add);
    faults.lines().forEach(out::println);
    out.println();
    TextTable findings = new TextTable(List.of("must hold", "holds", "detail"));
    for (Finding each : report.findings()) {
      findings.add(List.of(each.what(), each.holds() ? "yes" : "NO", each.detail()));
    }
    findings.lines().forEach(out::println);
    out.printf(
        "%nseed %d: %d faults, %d of them kills, in %d s; %d times a process ended by itself and was started again%n",
        report.settings().seed(),
        report.casualties().size(),
        report.kills(),
        report.took().toSeconds(),
        report.ownEnds().size());
  }
}
