package dev.kvasir.app.command;

import dev.kvasir.simulator.replay.Campaign;
import dev.kvasir.simulator.replay.Fit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Adjusts a profile to measurements, or holds it against them. */
@Command(
    name = "fit",
    description = {
      "Adjust constants of a profile to result files of vLLM's benchmark, and print the residuals.",
      "Without --constant nothing is adjusted: the profile's predictions stand beside what was",
      "measured. A file's own settings follow its name after semicolons."
    },
    footer = {
      "%nExamples:",
      "  kvasir simulate fit --profile deepseek-r1-h200 \\",
      "    --results 'gds-400g.json;strategy=lmcache-gds;gds.link=400Gb/s' \\",
      "    --constant efficiency.arithmetic --constant gds.read-bandwidth"
    })
final class FitCommand implements Callable<ExitCode> {

  @ParentCommand private SimulateCommand simulate;

  @Mixin private ProfileOptions server;

  @Option(
      names = "--results",
      paramLabel = "FILE[;KEY=VALUE…]",
      required = true,
      description = "What was measured, and what the profile needs to be like that server.")
  private List<String> results = new ArrayList<>();

  @Option(names = "--constant", paramLabel = "KEY", description = "A number to adjust.")
  private List<String> constants = new ArrayList<>();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each constant is adjusted (default: 2).")
  private int rounds = 2;

  @Option(
      names = "--least-input",
      paramLabel = "TOKENS",
      description = "Compare no shorter prompts than this (default: 1).")
  private int leastInput = 1;

  @Override
  public ExitCode call() {
    PrintWriter out = simulate.kvasir().terminal().out();
    ProfileOptions.Choice choice = server.choice();
    List<Fit.Source> sources =
        results.stream().map(text -> source(text, choice.changes())).toList();
    Fit fit = new Fit(choice.profile(), sources, leastInput);
    Map<String, String> adjusted = fit.adjust(constants, constants.isEmpty() ? 0 : rounds);
    adjusted.forEach((key, value) -> out.printf("%s: %s%n", key, value));
    List<Fit.Row> rows = fit.rows(adjusted);
    TextTable table =
        new TextTable(
            List.of("file", ">input", "state", ">measured s", ">CV", ">predicted s", ">ratio"));
    for (Fit.Row row : rows) {
      table.add(
          List.of(
              row.campaign(),
              Integer.toString(row.inputTokens()),
              row.cold() ? "cold" : "warm",
              String.format(Locale.ROOT, "%.3f", row.measured() / 1e3),
              TextTable.percent(row.variation()),
              String.format(Locale.ROOT, "%.3f", row.predicted() / 1e3),
              String.format(Locale.ROOT, "%.2f", row.ratio())));
    }
    table.lines().forEach(out::println);
    out.println(Fit.summary(rows));
    return ExitCode.OK;
  }

  private static Fit.Source source(String text, Map<String, String> changes) {
    String[] parts = text.split(";", -1);
    Map<String, String> settings = new LinkedHashMap<>(changes);
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      settings.put(pair[0].strip(), pair.length == 2 ? pair[1].strip() : "");
    }
    try {
      return new Fit.Source(Campaign.read(Path.of(parts[0])), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
