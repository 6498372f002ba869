package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Writes everything that was measured for other tools. */
@Command(
    name = "export",
    description = "Write every table and view as a file for other tools.",
    footer = {"%nExamples:", "  kvasir export --format parquet -o measured/"})
final class ExportCommand implements Callable<ExitCode> {

  /** What other tools can read. */
  enum Format {
    PARQUET
  }

  @ParentCommand private Kvasir kvasir;

  @Option(names = "--format", paramLabel = "FORMAT", description = "parquet (default).")
  private Format format = Format.PARQUET;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      required = true,
      description = "Where the files go; created when absent.")
  private Path output;

  @Override
  public ExitCode call() throws InterruptedException {
    List<Path> files =
        switch (format) {
          case PARQUET -> parquet();
        };
    kvasir.terminal().out().printf("%d files in %s%n", files.size(), output);
    return ExitCode.OK;
  }

  /** The holder may write to its export folder only; from there this process takes the files. */
  private List<Path> parquet() throws InterruptedException {
    String name = "export-%s-%d".formatted(Home.stamp(), ProcessHandle.current().pid());
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      List<Path> written = warehouse.exportParquet(name);
      Files.createDirectories(output);
      for (Path file : written) {
        Files.move(file, output.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.deleteIfExists(kvasir.home().exports().resolve(name));
      return written;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the export cannot be moved to %s; name a writable folder with -o".formatted(output), e);
    }
  }
}
