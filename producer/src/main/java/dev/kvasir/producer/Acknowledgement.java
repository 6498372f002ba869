package dev.kvasir.producer;

import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Waits for Kafka to take what was published. It waits as long as it takes; once the generator is
 * to stop, for a bounded time more.
 */
final class Acknowledgement {

  /** How long a generator that is to stop waits for Kafka, more than a broker's restart takes. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration SLICE = Duration.ofMillis(500);

  /** Waits until everything published so far is acknowledged; false if it is not in time. */
  interface Flush {

    boolean within(Duration limit) throws InterruptedException;
  }

  private final Flush flush;
  private final BooleanSupplier stopping;
  private final Ticker ticker;

  Acknowledgement(Flush flush, BooleanSupplier stopping, Ticker ticker) {
    this.flush = flush;
    this.stopping = stopping;
    this.ticker = ticker;
  }

  /** Waits; false if the generator stops and Kafka takes longer than its patience. */
  boolean await() throws InterruptedException {
    long waitingSince = ticker.nanos();
    while (!flush.within(SLICE)) {
      if (!stopping.getAsBoolean()) {
        waitingSince = ticker.nanos();
      } else if (ticker.nanos() - waitingSince >= PATIENCE.toNanos()) {
        return false;
      }
    }
    return true;
  }
}
