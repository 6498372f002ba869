package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.PatientStart;
import dev.kvasir.app.pipeline.StopSignal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
      "5:done, and an alert was raised",
      "130:stopped by Ctrl-C; what had been measured is kept",
      "143:stopped by SIGTERM; what had been measured is kept"
    },
    subcommands = {
      RunCommand.class,
      UpCommand.class,
      PlanCommand.class,
      RunsCommand.class,
      CompareCommand.class,
      AskCommand.class,
      SqlCommand.class,
      ImportCommand.class,
      FiguresCommand.class,
      ReportCommand.class,
      ExportCommand.class,
      LabelCommand.class,
      ScoreCommand.class,
      RetractCommand.class,
      ReplayCommand.class,
      ArchiveCommand.class,
      SimulateCommand.class,
      ProduceCommand.class,
      StreamCommand.class,
      SinkCommand.class,
      PageCommand.class,
      BrokerCommand.class,
      CalibrateCommand.class,
      DoctorCommand.class,
      ChaosCommand.class,
      CompletionCommand.class,
    })
public final class Kvasir implements Runnable {

  private final Terminal terminal;
  private @Nullable StopSignal stopSignal;
  @Spec private CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:KVASIR_HOME:-.kvasir}",
      description = "Where all state lies (default: KVASIR_HOME, else .kvasir).")
  private Path home = Path.of(".kvasir");

  private Kvasir(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs a command line and returns its exit status. */
  public static int execute(String... arguments) {
    return execute(Terminal.ofProcess(), arguments);
  }

  /** Runs a command line that prints to a given terminal. */
  static int execute(Terminal terminal, String... arguments) {
    Kvasir kvasir = new Kvasir(terminal);
    int status = kvasir.commandLine().execute(arguments);
    if (kvasir.stopSignal != null) {
      kvasir.stopSignal.ended();
    }
    return status;
  }

  private CommandLine commandLine() {
    CommandLine line = new CommandLine(this);
    line.setOut(terminal.out());
    line.setErr(terminal.err());
    line.getSubcommands()
        .forEach((name, command) -> {
          if (PlanArguments.belongsTo(name)) {
            PlanArguments.addTo(command.getCommandSpec());
          }
        });
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(Kvasir::execute);
    line.setExecutionExceptionHandler(
        new Failures(() -> stopSignal != null && stopSignal.isRequested()));
    line.setParameterExceptionHandler(new Misuse());
    return line;
  }

  /** The home that the options name; it need not exist. */
  Home home() {
    return Home.at(home);
  }

  /** Signals are requests to come to an end from the first call on. */
  StopSignal stopSignal() {
    StopSignal signal = stopSignal == null ? StopSignal.install() : stopSignal;
    stopSignal = signal;
    return signal;
  }

  /** Starts stages on a log that may be away, and says so. */
  PatientStart patientStart() {
    return new PatientStart(
        stopSignal(), reason -> terminal.err().println("kvasir waits: " + reason));
  }

  Terminal terminal() {
    return terminal;
  }

  @Override
  public void run() {
    spec.commandLine().usage(terminal.out());
  }

  private static int execute(CommandLine.ParseResult parsed) {
    int status = new CommandLine.RunLast().execute(parsed);
    List<CommandLine> lines = parsed.asCommandLineList();
    Object result = lines.getLast().getExecutionResult();
    return result instanceof ExitCode code ? code.number() : status;
  }
}
