package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Lists where what runs were declared to be, what their launch says and what was seen disagree. */
@Command(
    name = "labels",
    description = {
      "List every label whose declared, derived and observed values disagree; 'kvasir label'",
      "corrects what was declared."
    },
    footer = {"%nExamples:", "  kvasir doctor labels", "  kvasir doctor labels --format csv"})
final class DoctorLabelsCommand implements Callable<ExitCode> {

  private static final String DISAGREEMENTS =
      """
      SELECT r.id, r.experiment, r.strategy, l.label, l.declared, l.derived, l.observed
      FROM labels l JOIN runs r ON r.run = l.run
      WHERE l.disagrees ORDER BY r.experiment, r.strategy, r.run, l.label
      """;

  @ParentCommand private DoctorCommand doctor;
  @Mixin private ResultPrinter printer;

  @Override
  public ExitCode call() throws InterruptedException {
    try (Warehouse warehouse = Warehouse.of(doctor.kvasir().home())) {
      QueryResult found = warehouse.query(DISAGREEMENTS);
      printer.print(doctor.kvasir().terminal(), found);
      if (found.rows().isEmpty()) {
        doctor
            .kvasir()
            .terminal()
            .err()
            .println("No run's declared, derived and observed labels disagree.");
      }
    }
    return ExitCode.OK;
  }
}
