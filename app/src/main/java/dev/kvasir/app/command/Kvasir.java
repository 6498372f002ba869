package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Home;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands. */
@Command(
    name = "kvasir",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures how an LLM server feels to its users, and keeps every event.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:tried and failed",
      "2:the options or the plan have problems; nothing was tried",
      "3:another process holds the home; nothing was tried",
      "4:done, but a run is not usable (its verdict says why)",
      "130:stopped by Ctrl-C; what had been measured is kept",
      "143:stopped by SIGTERM; what had been measured is kept"
    },
    subcommands = {
      DoctorCommand.class,
      CompletionCommand.class,
    })
public final class Kvasir implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:KVASIR_HOME:-.kvasir}",
      description = "Where all state lies (default: KVASIR_HOME, else .kvasir).")
  private Path home = Path.of(".kvasir");

  /** Runs a command line and returns its exit status. */
  public static int execute(String... arguments) {
    Terminal terminal = Terminal.ofProcess();
    return commandLine(terminal).execute(arguments);
  }

  static CommandLine commandLine(Terminal terminal) {
    CommandLine line = new CommandLine(new Kvasir());
    line.setOut(new PrintWriter(terminal.out(), true));
    line.setErr(new PrintWriter(terminal.err(), true));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(Kvasir::execute);
    line.setExecutionExceptionHandler(new Failures());
    line.setParameterExceptionHandler(new Misuse());
    return line;
  }

  /** The home that the options name; it need not exist. */
  Home home() {
    return Home.at(home);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int execute(CommandLine.ParseResult parsed) {
    int status = new CommandLine.RunLast().execute(parsed);
    List<CommandLine> lines = parsed.asCommandLineList();
    Object result = lines.getLast().getExecutionResult();
    return result instanceof ExitCode code ? code.number() : status;
  }
}
