package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Puts the strategies of an experiment beside each other. */
@Command(
    name = "compare",
    description = "Compare the strategies of an experiment, load point by load point.",
    footer = {"%nExamples:", "  kvasir compare quickstart --baseline recompute"})
final class CompareCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private ResultPrinter printer;

  @Parameters(paramLabel = "EXPERIMENT", description = "The experiment.")
  private String experiment;

  @Option(
      names = "--baseline",
      paramLabel = "STRATEGY",
      description = "What the others are divided by (default: the alphabetically first).")
  private @Nullable String baseline;

  @Override
  public ExitCode call() throws InterruptedException {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("experiment", experiment);
    if (baseline != null) {
      parameters.put("baseline", baseline);
    }
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      printer.print(kvasir.terminal(), warehouse.ask("compare", parameters));
    }
    return ExitCode.OK;
  }
}
