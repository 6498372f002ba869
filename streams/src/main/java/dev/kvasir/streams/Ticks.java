package dev.kvasir.streams;

import java.time.Duration;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Calls back at an interval of wall-clock time with the time that has passed, which is cut where
 * the process stood still: what waited meanwhile has not been read yet. Owned by its task's thread.
 */
final class Ticks {

  private static final Duration LONGEST = Duration.ofSeconds(2);

  /** Takes one tick. */
  interface Tick {
    /**
     * Time has passed.
     *
     * @param elapsedNanos time since the last tick
     * @param atMillis wall-clock time of the tick, epoch milliseconds
     */
    void passed(long elapsedNanos, long atMillis);
  }

  private long lastMillis;

  private Ticks(long nowMillis) {
    lastMillis = nowMillis;
  }

  static void every(Duration interval, ProcessingContext context, Tick tick) {
    Ticks ticks = new Ticks(context.currentSystemTimeMs());
    context.schedule(
        interval,
        PunctuationType.WALL_CLOCK_TIME,
        nowMillis -> tick.passed(ticks.elapsed(nowMillis), nowMillis));
  }

  private long elapsed(long nowMillis) {
    long millis = Math.clamp(nowMillis - lastMillis, 0, LONGEST.toMillis());
    lastMillis = nowMillis;
    return millis * 1_000_000;
  }
}
