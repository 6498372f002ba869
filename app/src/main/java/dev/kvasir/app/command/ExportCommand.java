package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.exports.CampaignExport;
import dev.kvasir.sink.exports.VllmExport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Writes what was measured for other tools. */
@Command(
    name = "export",
    sortOptions = false,
    description = "Write what was measured as files for other tools, also while a run goes on.",
    footer = {
      "%nExamples:",
      "  kvasir export --format parquet -o measured/",
      "  kvasir export --format vllm --experiment quickstart -o json/",
      "  kvasir export --format campaigns -o compare.csv",
      "  kvasir export --format duckdb -o snapshot.duckdb"
    })
final class ExportCommand implements Callable<ExitCode> {

  /** What other tools can read. */
  enum Format {
    PARQUET,
    DUCKDB,
    VLLM,
    CAMPAIGNS
  }

  @ParentCommand private Kvasir kvasir;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "parquet (default): every table and view; requests, tokens, samples and windows by run.",
        "duckdb: one DuckDB file of this instant.",
        "vllm: a detailed result of vLLM's benchmark for each run, with tpots.",
        "campaigns: a CSV of 14 columns with a row for each run."
      })
  private Format format = Format.PARQUET;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Only the runs of this experiment (vllm and campaigns).")
  private @Nullable String experiment;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      required = true,
      description = "The folder, or the file of duckdb and campaigns; created when absent.")
  private Path output;

  @Override
  public ExitCode call() throws InterruptedException {
    if (experiment != null && (format == Format.PARQUET || format == Format.DUCKDB)) {
      throw new Refusal(
          ExitCode.USAGE, "--experiment is for the formats vllm and campaigns; leave it away");
    }
    try (Warehouse warehouse = Warehouse.of(kvasir.home())) {
      KnownNames.requireExperiment(warehouse, experiment);
      String written =
          switch (format) {
            case PARQUET -> parquet(warehouse);
            case DUCKDB -> duckdb(warehouse);
            case VLLM -> vllm(warehouse);
            case CAMPAIGNS -> campaigns(warehouse);
          };
      kvasir.terminal().out().println(written);
      return ExitCode.OK;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the export cannot be written to %s; name a writable place with -o".formatted(output), e);
    }
  }

  /** The holder may write to its export folder only; from there this process takes the files. */
  private String parquet(Warehouse warehouse) throws IOException {
    String name = exportName();
    List<Path> written = warehouse.exportParquet(name);
    Files.createDirectories(output);
    for (Path each : written) {
      Path target = output.resolve(each.getFileName());
      if (Files.isDirectory(target)) {
        delete(target);
      }
      Files.move(each, target, StandardCopyOption.REPLACE_EXISTING);
    }
    delete(kvasir.home().exports().resolve(name));
    return "%d tables and views in %s".formatted(written.size(), output);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path each : below.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  private String duckdb(Warehouse warehouse) throws IOException {
    makeParent();
    Path copy = warehouse.snapshot(exportName() + ".duckdb");
    Files.move(copy, output, StandardCopyOption.REPLACE_EXISTING);
    return String.format(Locale.ROOT, "%s, %,d bytes", output, Files.size(output));
  }

  private String vllm(Warehouse warehouse) throws IOException {
    Files.createDirectories(output);
    List<String> names =
        new VllmExport(warehouse.queries())
            .write(
                experiment,
                name -> new BufferedOutputStream(Files.newOutputStream(output.resolve(name))));
    return String.format(Locale.ROOT, "%,d files in %s", names.size(), output);
  }

  private String campaigns(Warehouse warehouse) throws IOException {
    makeParent();
    try (Writer out = Files.newBufferedWriter(output)) {
      int rows = CampaignExport.write(warehouse.queries(), experiment, out);
      return String.format(Locale.ROOT, "%,d rows in %s", rows, output);
    }
  }

  private void makeParent() throws IOException {
    Path parent = output.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
  }

  private static String exportName() {
    return "export-%s-%d".formatted(Home.stamp(), ProcessHandle.current().pid());
  }
}
