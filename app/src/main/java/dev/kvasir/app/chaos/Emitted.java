package dev.kvasir.app.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the simulator recorded of one request.
 *
 * @param tokens tokens that it wrote
 */
record Emitted(long tokens) {

  private static final int REQUEST_ID = 1;
  private static final int TOKENS = 3;

  /** Adds up the logs of all of its lives, by the request's id; ids hold no commas. */
  static Map<String, Emitted> read(Path emissions) {
    Map<String, Emitted> requests = new HashMap<>();
    try (Stream<Path> files = Files.walk(emissions)) {
      for (Path file : files.filter(each -> each.endsWith("emissions.csv")).sorted().toList()) {
        read(file, requests);
      }
      return requests;
    } catch (IOException e) {
      throw new UncheckedIOException("the simulator's record in " + emissions + " is missing", e);
    }
  }

  private static void read(Path file, Map<String, Emitted> requests) throws IOException {
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      requests.merge(
          cells[REQUEST_ID],
          new Emitted(Long.parseLong(cells[TOKENS])),
          (a, b) -> new Emitted(a.tokens + b.tokens));
    }
  }
}
