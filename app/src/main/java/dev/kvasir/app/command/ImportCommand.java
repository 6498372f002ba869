package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.CatchUp;
import dev.kvasir.app.pipeline.ImportFiles;
import dev.kvasir.app.pipeline.LogWriter;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.PhaseFile;
import dev.kvasir.app.pipeline.PipelineSettings;
import dev.kvasir.app.pipeline.Session;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.app.pipeline.Timings;
import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.event.Verdict;
import dev.kvasir.sink.imports.ImportOptions;
import dev.kvasir.sink.imports.ImportedRun;
import dev.kvasir.sink.imports.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Brings other tools' results into the log. */
@Command(
    name = "import",
    sortOptions = false,
    description = {
      "Import results of vLLM, SGLang, GuideLLM and AIPerf, recognised by their content: files and",
      "folders in any mix. Importing the same records twice changes nothing."
    },
    footer = {
      "%nExamples:",
      "  kvasir import results/",
      "  kvasir import old/*.json --experiment autumn --label medium=cpu",
      "  kvasir import --phases nsys.csv"
    })
final class ImportCommand implements Callable<ExitCode> {

  private static final Duration LANDING = Duration.ofMinutes(5);
  private static final int PLAIN_EVERY = 200;

  @ParentCommand private Kvasir kvasir;
  @Mixin private LogOptions log;
  @Mixin private JsonOption json;

  @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files and folders.")
  private List<Path> paths = List.of();

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Experiment of the runs (default: the folder's name).")
  private @Nullable String experiment;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "Strategy of the runs (default: what the record or the file's name says).")
  private @Nullable String strategy;

  @Option(
      names = "--label",
      paramLabel = "KEY=VALUE",
      description = "A label that the runs are declared to have; may be repeated.")
  private Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--phases",
      paramLabel = "FILE",
      description = "A profiler's CSV of run,phase,seconds, for runs that are known.")
  private List<Path> phases = List.of();

  @Override
  public ExitCode call() throws InterruptedException {
    if (paths.isEmpty() && phases.isEmpty()) {
      throw new Refusal(
          ExitCode.USAGE, "there is nothing to import; name files or folders, or --phases FILE");
    }
    List<Path> files = files();
    Logs.into(kvasir.home(), "import");
    StopSignal stop = kvasir.stopSignal();
    PipelineSettings settings =
        new PipelineSettings("import", log.outside(), log.layout(), 0, null);
    try (Session session = Session.open(kvasir.home(), settings, new Timings())) {
      session.awaitReady();
      try (Warehouse warehouse = session.warehouse();
          LogWriter writer = LogWriter.open(session.log(), "import")) {
        requireLanded(session, warehouse);
        return run(session, warehouse, writer, files, stop);
      }
    }
  }

  private ExitCode run(
      Session session, Warehouse warehouse, LogWriter writer, List<Path> files, StopSignal stop)
      throws InterruptedException {
    ImportFiles imports =
        new ImportFiles(warehouse, writer, new ImportOptions(experiment, strategy, labels));
    int done = 0;
    for (Path file : files) {
      if (stop.isRequested()) {
        break;
      }
      imports.read(file);
      progress(++done, files.size(), imports);
    }
    writer.commit();
    requireLanded(session, warehouse);
    PhaseFile attached = new PhaseFile(warehouse, writer);
    phases.forEach(attached::read);
    writer.commit();
    requireLanded(session, warehouse);
    List<Problem> problems = new ArrayList<>(imports.problems());
    problems.addAll(attached.problems());
    report(imports, attached, problems, done);
    if (stop.isRequested()) {
      return ExitCode.INTERRUPTED;
    }
    boolean nothing =
        imports.written().isEmpty() && imports.known() == 0 && attached.written() == 0;
    return nothing && !problems.isEmpty() ? ExitCode.FAILED : ExitCode.OK;
  }

  private static void requireLanded(Session session, Warehouse warehouse)
      throws InterruptedException {
    if (!CatchUp.await(session.log(), warehouse, LANDING)) {
      throw new IllegalStateException(
          "the warehouse does not keep up with the log; run the same import again, it goes on where it stopped");
    }
  }

  private List<Path> files() {
    List<Path> found = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new Refusal(ExitCode.USAGE, "there is no file or folder " + path);
      }
      try (Stream<Path> below = Files.walk(path)) {
        below
            .filter(Files::isRegularFile)
            .filter(ImportCommand::isVisible)
            .filter(file -> file.equals(path) || staysInside(path, file))
            .sorted()
            .forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(path + " cannot be read: " + e.getMessage(), e);
      }
    }
    return found;
  }

  /** A link in a folder of results may not fetch what lies elsewhere on this machine. */
  private boolean staysInside(Path folder, Path file) {
    try {
      if (file.toRealPath().startsWith(folder.toRealPath())) {
        return true;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
    kvasir
        .terminal()
        .err()
        .printf("left out: %s is a link that leads out of %s; name its target%n", file, folder);
    return false;
  }

  private static boolean isVisible(Path file) {
    return !String.valueOf(file.getFileName()).startsWith(".");
  }

  private void progress(int done, int all, ImportFiles imports) {
    Terminal terminal = kvasir.terminal();
    String line =
        String.format(
            Locale.ROOT, "%,d of %,d files, %,d runs", done, all, imports.written().size());
    if (terminal.interactive()) {
      terminal.err().print("\r" + line + (done == all ? "\n" : ""));
      terminal.err().flush();
    } else if (done % PLAIN_EVERY == 0) {
      terminal.err().println(line);
    }
  }

  private void report(ImportFiles imports, PhaseFile attached, List<Problem> problems, int files) {
    PrintWriter out = kvasir.terminal().out();
    if (json.wanted()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("files", files);
      report.put("runs", imports.written());
      report.put("known", imports.known());
      report.put("phases", attached.written());
      report.put("problems", problems);
      json.print(out, report);
      return;
    }
    problems.forEach(problem -> kvasir.terminal().err().println("left out: " + problem.text()));
    Map<String, Integer> formats = new TreeMap<>();
    imports.written().forEach(run -> formats.merge(run.format(), 1, Integer::sum));
    out.printf(
        Locale.ROOT,
        "%,d runs imported from %,d files%s; %,d were known already; %,d things left out%n",
        imports.written().size(),
        files,
        formats.isEmpty() ? "" : " " + formats,
        imports.known(),
        problems.size());
    if (attached.written() > 0) {
      out.printf(Locale.ROOT, "%,d phases attached%n", attached.written());
    }
    remarks(out, imports.written());
  }

  private static void remarks(PrintWriter out, List<ImportedRun.Summary> runs) {
    for (ImportedRun.Summary run : runs) {
      if (run.verdict() != Verdict.VALID) {
        out.printf(
            "%s is %s: %s%n",
            run.id(),
            run.verdict().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'),
            String.join("; ", run.reasons()));
      }
    }
  }
}
