package dev.kvasir.sink.imports;

import java.util.List;
import java.util.Optional;

/**
 * A line of a profiler's table: {@code run,phase,seconds}.
 *
 * @param run id or number of the run
 * @param phase name of the phase
 * @param seconds how long a request spends in it
 */
public record PhaseLine(String run, String phase, double seconds) {

  /**
   * Reads a line; empty for a blank one, a remark, or the heading.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static Optional<PhaseLine> of(String line) {
    List<String> cells = List.of(line.strip().split(",", -1));
    if (line.isBlank() || line.startsWith("#") || cells.getFirst().strip().equals("run")) {
      return Optional.empty();
    }
    if (cells.size() != 3) {
      throw new IllegalArgumentException(
          "has %d cells; expected run,phase,seconds".formatted(cells.size()));
    }
    return Optional.of(
        new PhaseLine(cells.get(0).strip(), cells.get(1).strip(), seconds(cells.get(2).strip())));
  }

  private static double seconds(String text) {
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && Double.isFinite(seconds)) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("seconds is %s; expected a number".formatted(text), e);
    }
    throw new IllegalArgumentException("seconds is %s; expected 0 or more".formatted(text));
  }
}
