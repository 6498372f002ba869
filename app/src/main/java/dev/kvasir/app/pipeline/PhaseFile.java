package dev.kvasir.app.pipeline;

import dev.kvasir.event.ResultReported;
import dev.kvasir.sink.imports.PhaseLine;
import dev.kvasir.sink.imports.Problem;
import dev.kvasir.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A profiler's seconds by phase, attached to runs that the log has. */
public final class PhaseFile {

  private final Warehouse warehouse;
  private final LogWriter writer;
  private final List<Problem> problems = new ArrayList<>();
  private int written;

  public PhaseFile(Warehouse warehouse, LogWriter writer) {
    this.warehouse = warehouse;
    this.writer = writer;
  }

  /** Reads the lines {@code run,phase,seconds}; a wrong one is one of the problems. */
  public void read(Path file) {
    String name = String.valueOf(file.getFileName());
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
    for (int place = 0; place < lines.size(); place++) {
      try {
        PhaseLine.of(lines.get(place)).ifPresent(line -> write(name, line));
      } catch (IllegalArgumentException e) {
        problems.add(new Problem(name, place + 1L, String.valueOf(e.getMessage())));
      }
    }
  }

  private void write(String file, PhaseLine line) {
    OptionalLong run = RunChoice.number(warehouse, line.run());
    if (run.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no run %s; 'kvasir runs' lists them".formatted(line.run()));
    }
    ResultReported event =
        new ResultReported(
            run.getAsLong(),
            WallClock.system().epochNanos(),
            "phase:" + line.phase(),
            line.seconds(),
            "s",
            "profiler:" + file);
    if (!isKnown(event)) {
      writer.write(Stream.of(event));
      written++;
    }
  }

  private boolean isKnown(ResultReported event) {
    return !warehouse
        .query(
            "SELECT 1 FROM result_reported WHERE run = $1 AND metric = $2 AND value = $3 AND definition = $4",
            event.getRun(),
            event.getMetric(),
            event.getValue(),
            event.getDefinition())
        .rows()
        .isEmpty();
  }

  /** How many numbers were written. */
  public int written() {
    return written;
  }

  /** What was left out. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }
}
