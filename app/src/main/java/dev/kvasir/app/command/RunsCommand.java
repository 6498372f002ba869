package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Lists runs. */
@Command(
    name = "runs",
    description = "List runs with their configuration, the newest first.",
    footer = {
      "%nExamples:",
      "  kvasir runs",
      "  kvasir runs --experiment quickstart --wide",
      "  kvasir runs --json"
    })
final class RunsCommand implements Callable<ExitCode> {

  private static final Set<String> BRIEF =
      Set.of(
          "id",
          "model",
          "load",
          "concurrency",
          "gpus",
          "parallelism",
          "file",
          "requests",
          "verdict");

  @ParentCommand private Kvasir kvasir;
  @Mixin private ResultPrinter printer;

  @Option(names = "--experiment", paramLabel = "NAME", description = "Only this experiment.")
  private @Nullable String experiment;

  @Option(names = "--wide", description = "Every column.")
  private boolean wide;

  @Override
  public ExitCode call() throws InterruptedException {
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      QueryResult runs =
          warehouse.ask("runs", experiment == null ? Map.of() : Map.of("experiment", experiment));
      boolean brief = !wide && printer.format() == ResultPrinter.Format.TABLE;
      printer.print(kvasir.terminal(), brief ? brief(runs) : runs);
    }
    return ExitCode.OK;
  }

  private static QueryResult brief(QueryResult runs) {
    List<Integer> kept =
        IntStream.range(0, runs.columns().size())
            .filter(i -> BRIEF.contains(runs.columns().get(i).name()))
            .boxed()
            .toList();
    return new QueryResult(
        kept.stream().map(runs.columns()::get).toList(),
        runs.rows().stream()
            .map(row -> kept.stream().<@Nullable Object>map(row::get).toList())
            .toList(),
        runs.truncated());
  }
}
