package dev.kvasir.app.command;

import java.io.PrintWriter;
import picocli.CommandLine;

/** Says what is wrong with a command line, what was perhaps meant, and where the help is. */
final class Misuse implements CommandLine.IParameterExceptionHandler {

  @Override
  public int handleParseException(CommandLine.ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("kvasir: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
    err.println("See '" + line.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE.number();
  }
}
