package dev.kvasir.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;

/** The id of an instance, kept in its state folder from its first start on. */
final class InstanceId {

  private static final String FILE = "instance-id";

  private InstanceId() {}

  /**
   * Reads the id, or makes one.
   *
   * @throws UncheckedIOException if the folder cannot be used
   */
  static String in(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      Files.createDirectories(folder);
      if (Files.notExists(file)) {
        Files.writeString(file, Uuid.randomUuid().toString());
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the state folder " + folder + " cannot be used: make it writable or name another", e);
    }
  }
}
