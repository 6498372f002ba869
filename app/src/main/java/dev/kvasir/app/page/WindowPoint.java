package dev.kvasir.app.page;

import dev.kvasir.event.WindowMeasured;
import org.jspecify.annotations.Nullable;

/**
 * One window of a run, as the page shows it.
 *
 * @param seconds length of the window; 0 is the whole run up to its end
 * @param end epoch second at which it ends, exclusive
 * @param sent measured requests sent
 * @param ok measured requests that ended well
 * @param failed measured requests that ended otherwise
 * @param timeouts those of the failed that ran out of time
 * @param tokens output tokens received
 * @param attainment attained share, 0 to 1; null when no request counts yet
 * @param ttft time to first token since due; null without a value
 * @param itl gap between content chunks; null without a value
 * @param inFlight requests in flight at the end
 * @param waiting requests waiting for their first token at the end
 * @param breached waiting requests already past their limit
 * @param oldestWaitMillis longest wait for a first token at the end; null when nothing waits
 * @param late events that came after their panes were closed
 */
record WindowPoint(
    int seconds,
    long end,
    long sent,
    long ok,
    long failed,
    long timeouts,
    long tokens,
    @Nullable Double attainment,
    @Nullable Latency ttft,
    @Nullable Latency itl,
    long inFlight,
    long waiting,
    long breached,
    @Nullable Double oldestWaitMillis,
    long late) {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  static WindowPoint of(WindowMeasured window) {
    Long oldestWait = window.getOldestWaitNanos();
    return new WindowPoint(
        window.getSeconds(),
        window.getEndSecond(),
        window.getSent(),
        window.getOk(),
        window.getFailed(),
        window.getTimeouts(),
        window.getTokens(),
        window.getAttainment(),
        Latency.of(window.getTtft()),
        Latency.of(window.getItl()),
        window.getInFlight(),
        window.getWaiting(),
        window.getBreached(),
        oldestWait == null ? null : oldestWait / NANOS_PER_MILLI,
        window.getLate());
  }

  /** True when no part of the window lies before an epoch second. */
  boolean beginsAtOrAfter(long epochSecond) {
    return end - Math.max(1, seconds) >= epochSecond;
  }

  /**
   * Output tokens by the length of that part of the window in which the run was measured; null when
   * there is no such part.
   *
   * @param fromNanos epoch nanoseconds at which the measured phase began
   * @param untilNanos epoch nanoseconds at which it ended, or Long.MAX_VALUE
   */
  @Nullable Double tokensPerSecond(long fromNanos, long untilNanos) {
    double until = Math.min((double) end, untilNanos / NANOS_PER_SECOND);
    double measured = until - fromNanos / NANOS_PER_SECOND;
    double length = seconds == 0 ? measured : Math.min(seconds, measured);
    return length <= 0 ? null : tokens / Math.max(1, length);
  }
}
