package dev.kvasir.producer.plan;

import java.time.Duration;

/**
 * From where on a run's numbers are no longer only the server's.
 *
 * @param dispatchLag largest 99th percentile of sent minus due
 * @param loopLag largest 99th percentile of the lag of an event loop
 * @param gcPause longest pause of the client's garbage collector
 * @param wallStep largest step of the wall clock against the monotonic clock
 */
public record Thresholds(
    Duration dispatchLag, Duration loopLag, Duration gcPause, Duration wallStep) {

  /** 10 ms of dispatch lag, loop lag and wall clock step, 50 ms of garbage collection. */
  public static final Thresholds DEFAULT =
      new Thresholds(
          Duration.ofMillis(10),
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofMillis(10));
}
