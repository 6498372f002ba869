package dev.kvasir.app.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What simulators recorded.
 *
 * @param requests requests that they took
 * @param emissions writes that carried tokens
 */
public record EmissionCounts(long requests, long emissions) {

  /** Counts the rows of a folder's two files. */
  public static EmissionCounts of(Path folder) {
    return new EmissionCounts(
        rows(folder.resolve("requests.csv")), rows(folder.resolve("emissions.csv")));
  }

  private static long rows(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.skip(1).count();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
