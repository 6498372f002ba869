package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.RunChoice;
import dev.kvasir.event.RunRetracted;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Withdraws runs. */
@Command(
    name = "retract",
    description = "Withdraw a run: its events stay, and no statistics count it.",
    footer = {
      "%nExamples:",
      "  kvasir retract RUN --reason \"the volume was not mounted\"",
      "  kvasir retract --experiment E --strategy fs --reason \"wrong PVC\""
    })
final class RetractCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private EventEdit edit;

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN",
      description = "The run: id, number, or end of the id.")
  private @Nullable String run;

  @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
  private String reason = "";

  @Override
  public ExitCode call() throws InterruptedException {
    if (!edit.choosesByExperiment() && run == null) {
      throw new Refusal(ExitCode.USAGE, "RUN is missing; give a run, or --experiment");
    }
    List<RunChoice> runs =
        edit.apply(kvasir, run, (number, at) -> new RunRetracted(number, at, reason));
    kvasir.terminal().out().printf(Locale.ROOT, "%,d runs retracted%n", runs.size());
    return ExitCode.OK;
  }
}
