package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.figure.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes an experiment as one page. */
@Command(
    name = "report",
    description =
        "Write an experiment as one HTML page that needs nothing else: figures, tables, verdicts, plan.",
    footer = {"%nExamples:", "  kvasir report quickstart -o quickstart.html"})
final class ReportCommand implements Callable<ExitCode> {

  @ParentCommand private Kvasir kvasir;
  @Mixin private SloOptions slo;

  @Parameters(paramLabel = "EXPERIMENT", description = "The experiment.")
  private String experiment;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the page goes (default: EXPERIMENT.html).")
  private @Nullable Path output;

  @Override
  public ExitCode call() throws InterruptedException {
    Path file =
        output == null ? Path.of(experiment.replaceAll("[^\\w.-]+", "-") + ".html") : output;
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, Report.html(warehouse.queries(), experiment, slo.limits()));
      kvasir.terminal().out().println(file);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the page cannot be written to %s; name a writable file with -o".formatted(file), e);
    }
    return ExitCode.OK;
  }
}
