package dev.kvasir.app.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Prints a completion script. */
@Command(
    name = "completion",
    description = "Print a completion script for bash and zsh.",
    footer = {"%nExample:", "  source <(kvasir completion)"})
final class CompletionCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Spec private CommandSpec spec;

  @Override
  public ExitCode call() {
    kvasir.terminal().out().println(AutoComplete.bash("kvasir", spec.root().commandLine()));
    return ExitCode.OK;
  }
}
