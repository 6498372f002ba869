package dev.kvasir.producer.client;

import dev.kvasir.producer.arrival.Schedule;
import org.jspecify.annotations.Nullable;

/** When the requests of a phase leave. */
public sealed interface Pace {

  /**
   * Requests leave when they are due, whatever the server does.
   *
   * @param schedule due times by request
   * @param zeroNanos monotonic nanoseconds of the schedule's zero
   * @param maxInFlight cap on requests in flight, above which they queue; null for none
   */
  record Open(Schedule schedule, long zeroNanos, @Nullable Integer maxInFlight) implements Pace {}

  /**
   * A request is due when an earlier one ends.
   *
   * @param concurrency requests in flight
   */
  record Closed(int concurrency) implements Pace {}
}
