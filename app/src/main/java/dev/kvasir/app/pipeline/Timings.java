package dev.kvasir.app.pipeline;

import dev.kvasir.time.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How long each part of a start took, since this process began. Thread-safe. */
public final class Timings {

  /**
   * A part that was done.
   *
   * @param what its name
   * @param after since this process began
   */
  public record Mark(String what, Duration after) {}

  private final Instant began =
      ProcessHandle.current().info().startInstant().orElseGet(Timings::now);
  private final List<Mark> marks = new ArrayList<>();

  /** Says that a part is done now. */
  public void mark(String what) {
    markAt(what, now());
  }

  /** Says when a part was done. */
  public synchronized void markAt(String what, Instant at) {
    marks.add(new Mark(what, Duration.between(began, at)));
  }

  /** Every part, in the order in which it was reported. */
  public synchronized List<Mark> marks() {
    return List.copyOf(marks);
  }

  private static Instant now() {
    return Instant.ofEpochSecond(0, WallClock.system().epochNanos());
  }
}
