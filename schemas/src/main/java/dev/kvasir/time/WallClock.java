package dev.kvasir.time;

import java.time.Instant;

/** The machine's wall clock, in nanoseconds since the epoch; it can step, so it times nothing. */
@FunctionalInterface
public interface WallClock {

  long epochNanos();

  static WallClock system() {
    return () -> {
      Instant now = Instant.now();
      return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    };
  }
}
