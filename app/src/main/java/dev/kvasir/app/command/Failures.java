package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Causes;
import dev.kvasir.app.pipeline.HomeHeldException;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.producer.plan.InvalidPlanException;
import dev.kvasir.producer.workload.DatasetException;
import dev.kvasir.simulator.profile.InvalidProfileException;
import dev.kvasir.sink.warehouse.QueryRefusedException;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Turns what a command threw into one paragraph and an exit status; the trace goes to the log. */
final class Failures implements CommandLine.IExecutionExceptionHandler {

  private final BooleanSupplier stopping;

  /**
   * @param stopping whether the user asked to stop, so that failures are no news
   */
  Failures(BooleanSupplier stopping) {
    this.stopping = stopping;
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    LoggerFactory.getLogger(Failures.class)
        .error(
            "the command failed command=\"{}\"",
            commandLine.getCommandSpec().qualifiedName(),
            failure);
    if (stopping.getAsBoolean()) {
      return ExitCode.INTERRUPTED.number();
    }
    commandLine.getErr().println("kvasir: " + Causes.paragraph(failure));
    if (!explainsItself(failure)) {
      Logs.file().ifPresent(file -> commandLine.getErr().println("Details: " + file));
    }
    return codeOf(failure).number();
  }

  /** Whether the message says all that a user can use. */
  private static boolean explainsItself(Exception failure) {
    return failure instanceof Refusal
        || failure instanceof QueryRefusedException
        || codeOf(failure) != ExitCode.FAILED;
  }

  private static ExitCode codeOf(Exception failure) {
    if (failure instanceof Refusal refusal) {
      return refusal.code();
    }
    if (failure instanceof HomeHeldException) {
      return ExitCode.HELD;
    }
    boolean inputIsWrong =
        failure instanceof InvalidPlanException
            || failure instanceof DatasetException
            || failure instanceof InvalidProfileException;
    return inputIsWrong ? ExitCode.USAGE : ExitCode.FAILED;
  }
}
