package dev.kvasir.app.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What simulators recorded in a folder of two files. */
public final class EmissionCounts {

  private final Path requests;
  private final Path emissions;

  /** The records of a folder. */
  public EmissionCounts(Path folder) {
    this.requests = folder.resolve("requests.csv");
    this.emissions = folder.resolve("emissions.csv");
  }

  /** Requests that they took. */
  public long requests() {
    return rows(requests, row -> true);
  }

  /** Writes that carried tokens. */
  public long emissions() {
    return rows(emissions, row -> true);
  }

  /** Of these, writes to some requests, by their ids. */
  public long emissions(Set<String> ids) {
    return rows(emissions, row -> ids.contains(row.split(",", 3)[1]));
  }

  private static long rows(Path file, Predicate<String> counts) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.skip(1).filter(counts).count();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
