package dev.kvasir.time;

import dev.kvasir.event.Anchor;

/**
 * Ties a monotonic clock to the epoch.
 *
 * @param epochNanos epoch nanoseconds at the anchor
 * @param monotonicNanos the ticker's nanoseconds at the anchor
 * @param errorNanos largest error of the pairing
 */
public record EpochAnchor(long epochNanos, long monotonicNanos, long errorNanos) {

  private static final int PAIRINGS = 100;

  public EpochAnchor {
    if (errorNanos < 0) {
      throw new IllegalArgumentException(
          "error of the anchor is " + errorNanos + " ns; it must not be negative");
    }
  }

  /** Pairs the clocks many times and keeps the tightest pair, as Agrona's epoch clock does. */
  public static EpochAnchor measure(Ticker ticker, WallClock wall) {
    EpochAnchor best = pair(ticker, wall);
    for (int i = 1; i < PAIRINGS; i++) {
      EpochAnchor next = pair(ticker, wall);
      if (next.errorNanos < best.errorNanos) {
        best = next;
      }
    }
    return best;
  }

  private static EpochAnchor pair(Ticker ticker, WallClock wall) {
    long before = ticker.nanos();
    long epoch = wall.epochNanos();
    long after = ticker.nanos();
    long half = (after - before) / 2;
    return new EpochAnchor(epoch, before + half, after - before - half);
  }

  /** The epoch time, in nanoseconds, of a reading of the ticker. */
  public long epochAt(long monotonic) {
    return epochNanos + (monotonic - monotonicNanos);
  }

  /** The ticker's reading at an epoch time, both in nanoseconds. */
  public long monotonicAt(long epoch) {
    return monotonicNanos + (epoch - epochNanos);
  }

  /** How far the wall clock is ahead of this anchor now, in nanoseconds: 0 until it steps. */
  public long wallDriftNanos(Ticker ticker, WallClock wall) {
    EpochAnchor now = measure(ticker, wall);
    return now.epochNanos - epochAt(now.monotonicNanos);
  }

  /** The anchor as it stands in events. */
  public Anchor toEvent() {
    return new Anchor(epochNanos, monotonicNanos, errorNanos);
  }
}
