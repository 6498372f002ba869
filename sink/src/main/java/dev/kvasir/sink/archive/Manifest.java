package dev.kvasir.sink.archive;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * What an archive holds. A file that it does not name is no part of the archive.
 *
 * @param passes how often the archive was extended
 * @param ranges what of each partition it holds
 * @param parts its files, in the order in which their records lay in the log
 */
record Manifest(int passes, List<ArchivedRange> ranges, List<ArchivedPart> parts) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "manifest.json";

  Manifest {
    ranges = List.copyOf(ranges);
    parts = List.copyOf(parts);
  }

  /** The manifest in a folder; an empty one where there is none. */
  static Manifest in(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return new Manifest(0, List.of(), List.of());
    }
    try {
      return JSON.readValue(file.toFile(), Manifest.class);
    } catch (JacksonException e) {
      throw new ArchiveException(
          "%s cannot be understood: %s; restore it from a copy"
              .formatted(file, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** Replaces the manifest of a folder in one step. */
  void writeInto(Path folder) {
    Path draft = folder.resolve(FILE + ".new");
    try {
      JSON.writerWithDefaultPrettyPrinter().writeValue(draft.toFile(), this);
      RecordFile.force(draft);
      Files.move(
          draft,
          folder.resolve(FILE),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      RecordFile.force(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder.resolve(FILE) + " cannot be written", e);
    }
  }

  Optional<ArchivedRange> range(Uuid topicId, int partition) {
    return ranges.stream()
        .filter(range -> range.topicId().equals(topicId.toString()))
        .filter(range -> range.partition() == partition)
        .findFirst();
  }
}
