package dev.kvasir.simulator.server;

import java.time.Instant;

/** The monotonic clock and one anchor that turns its readings into epoch nanoseconds. */
final class EpochClock {
  private static final int SAMPLES = 1_000;

  private final long offsetNanos;

  private EpochClock(long offsetNanos) {
    this.offsetNanos = offsetNanos;
  }

  /**
   * Anchors on the tightest of many readings of the wall clock between two of the monotonic one.
   */
  static EpochClock anchored() {
    long tightest = Long.MAX_VALUE;
    long offset = 0;
    for (int i = 0; i < SAMPLES; i++) {
      long before = System.nanoTime();
      Instant wall = Instant.now();
      long width = System.nanoTime() - before;
      if (width < tightest) {
        tightest = width;
        offset = wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - (before + width / 2);
      }
    }
    return new EpochClock(offset);
  }

  /** The monotonic clock's reading. */
  long nanoTime() {
    return System.nanoTime();
  }

  long epochNanos(long nanoTime) {
    return nanoTime + offsetNanos;
  }
}
