package dev.kvasir.sink.exports;

import dev.kvasir.sink.warehouse.Queries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs exported into a folder. */
public record ExportedRuns(Path folder, List<String> names) {

  public static ExportedRuns write(Queries queries, String experiment, Path parent)
      throws IOException {
    Path folder = Files.createDirectories(parent.resolve("exported"));
    List<String> names =
        new VllmExport(queries)
            .write(experiment, name -> Files.newOutputStream(folder.resolve(name)));
    return new ExportedRuns(folder, names);
  }
}
