package dev.kvasir.producer;

import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;

/**
 * The clocks of a generator, and the run numbers that come from them.
 *
 * @param ticker monotonic clock
 * @param wall wall clock
 */
record Clocks(Ticker ticker, WallClock wall) {

  private static final int NUMBER_RADIX = 36;

  /** A new run, whose number is above that of an earlier one. */
  RunIdentity identify(String idStem, long earlierNumber) {
    EpochAnchor anchor = EpochAnchor.measure(ticker, wall);
    long at = anchor.epochAt(ticker.nanos());
    long number = Math.max(at / 1000, earlierNumber + 1);
    return new RunIdentity(number, idStem + "-" + Long.toString(number, NUMBER_RADIX), at, anchor);
  }
}
