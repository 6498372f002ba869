package dev.kvasir.producer.plan;

import java.time.Duration;

/**
 * From where on a run's numbers are no longer only the server's.
 *
 * @param dispatchLag largest 99th percentile of sent minus due
 * @param loopLag largest 99th percentile of the lag of an event loop
 * @param gcPause longest pause of the client's garbage collector
 * @param wallStep largest step of the wall clock against the monotonic clock
 * @param loopBusy largest share of a second that an event loop may spend on a processor in more
 *     than 1 second of 20
 * @param queuedEvents most events that may wait for the publisher
 * @param socketBacklogBytes most bytes that may wait unread in the sockets to the server in more
 *     than 1 second of 20
 */
public record Thresholds(
    Duration dispatchLag,
    Duration loopLag,
    Duration gcPause,
    Duration wallStep,
    double loopBusy,
    int queuedEvents,
    long socketBacklogBytes) {

  /**
   * 10 ms of dispatch lag, loop lag and wall clock step, 50 ms of garbage collection, 90 % of a
   * processor, half of the publisher's queue, and 1 MiB of unread answers, which are 80 ms of them
   * at 50,000 tokens a second.
   */
  public static final Thresholds DEFAULT =
      new Thresholds(
          Duration.ofMillis(10),
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofMillis(10),
          0.9,
          1 << 17,
          1 << 20);
}
