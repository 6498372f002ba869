package dev.kvasir.sink.imports;

import dev.kvasir.event.Host;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.avro.specific.SpecificRecord;

/** Files read by the importer, without Kafka. */
final class ImportedFiles {

  static final Stamp STAMP =
      new Stamp(1_800_000_000_000_000_000L, "0", "abc", new Host("h", "linux", 2, 1L << 30, "25"));

  final List<ImportedRun> runs = new ArrayList<>();
  final List<Problem> problems = new ArrayList<>();
  private final Importer importer;

  ImportedFiles(ImportOptions options) {
    importer = new Importer(options, runs::add, problems::add);
  }

  static ImportedFiles of(Path... paths) {
    ImportedFiles files = new ImportedFiles(ImportOptions.NONE);
    for (Path path : paths) {
      try (Stream<Path> found = Files.walk(path)) {
        found.filter(Files::isRegularFile).sorted().forEach(files::read);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  void read(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      List<String> folders =
          StreamSupport.stream(file.toAbsolutePath().getParent().spliterator(), false)
              .map(Path::toString)
              .toList()
              .reversed();
      importer.read(
          new SourceFile(
              file.getFileName().toString(),
              folders,
              HexFormat.of().formatHex(Hash.sha256().digest(Files.readAllBytes(file))),
              1_700_000_000_000_000_000L),
          in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<SpecificRecord> events() {
    return runs.stream().flatMap(run -> run.events(STAMP)).toList();
  }
}
