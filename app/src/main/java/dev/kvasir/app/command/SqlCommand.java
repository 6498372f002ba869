package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Asks the tables anything. */
@Command(
    name = "sql",
    description = {
      "Run one SQL statement over everything that was measured; it may only read.",
      "Works while a run is going on. 'results' has a row for each run; 'requests' and 'tokens' have"
          + " every request and every chunk."
    },
    footer = {
      "%nExamples:",
      "  kvasir sql \"SELECT strategy, load_point, avg(p99_ttft_ms) FROM results GROUP BY ALL\"",
      "  kvasir sql --json \"SELECT id, verdict, reasons FROM runs\"",
      "  kvasir sql \"SHOW TABLES\""
    })
final class SqlCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private ResultPrinter printer;

  @Parameters(paramLabel = "SQL", description = "One SELECT (DuckDB's dialect).")
  private String sql;

  @Override
  public ExitCode call() throws InterruptedException {
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      printer.print(kvasir.terminal(), warehouse.query(sql));
    }
    return ExitCode.OK;
  }
}
