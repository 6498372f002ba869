package dev.kvasir.streams.window;

import dev.kvasir.event.LatencySummary;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.metric.LatencySketch;
import dev.kvasir.streams.pane.Pane;
import dev.kvasir.streams.pane.Pane.Counter;
import dev.kvasir.streams.pane.Pane.Latency;
import org.jspecify.annotations.Nullable;

/**
 * What a window is made of.
 *
 * @param run run number
 * @param seconds length; 0 for the whole run
 * @param endSecond epoch second of the end, exclusive
 * @param window what happened in it
 * @param whole what happened in the run up to the end
 * @param oldestWaitNanos longest wait for a first token at the end; null for none
 * @param late events after the panes were closed
 * @param undecodable records that could not be decoded
 */
record WindowView(
    long run,
    int seconds,
    long endSecond,
    Pane window,
    Pane whole,
    @Nullable Long oldestWaitNanos,
    long late,
    long undecodable) {

  private static final long SECOND = 1_000_000_000L;

  WindowMeasured toEvent() {
    return new WindowMeasured(
        run,
        endSecond * SECOND,
        seconds,
        endSecond,
        window.count(Counter.CHUNKS),
        window.count(Counter.TOKENS),
        window.count(Counter.SENT),
        window.count(Counter.OK),
        window.count(Counter.FAILED),
        window.count(Counter.TIMEOUTS),
        window.count(Counter.ATTAINED),
        window.count(Counter.ATTAINED_TTFT),
        window.count(Counter.ATTAINED_TPOT),
        attainment(),
        summary(Latency.TTFT),
        summary(Latency.TTFT_SENT),
        summary(Latency.ITL),
        summary(Latency.TPOT),
        summary(Latency.E2E),
        level(Counter.IN_FLIGHT),
        level(Counter.WAITING),
        level(Counter.BREACHED),
        level(Counter.WAITING) == 0 ? null : oldestWaitNanos,
        late,
        undecodable);
  }

  private @Nullable Double attainment() {
    long judged = window.count(Counter.OK) + window.count(Counter.FAILED) + level(Counter.BREACHED);
    return judged == 0 ? null : (double) window.count(Counter.ATTAINED) / judged;
  }

  /** How many there are at the end: the sum of all changes; never below 0 while some are late. */
  private long level(Counter change) {
    return Math.max(0, whole.count(change));
  }

  private @Nullable LatencySummary summary(Latency latency) {
    LatencySketch sketch = window.sketch(latency);
    return sketch == null ? null : sketch.summary();
  }
}
