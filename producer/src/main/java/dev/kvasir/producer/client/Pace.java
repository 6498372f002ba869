package dev.kvasir.producer.client;

import dev.kvasir.producer.arrival.Gaps;
import dev.kvasir.producer.arrival.Schedule;
import org.jspecify.annotations.Nullable;

/** When the requests of a phase leave. */
public sealed interface Pace {

  /**
   * Requests leave when they are due, whatever the server does.
   *
   * @param schedule due times: one for each request, or one for each session's first turn, and then
   *     later turns are due when the one before has ended and their pause has passed
   * @param zeroNanos monotonic nanoseconds of the schedule's zero
   * @param maxInFlight cap on requests in flight, above which they queue; null for none
   * @param pauses pauses between the turns of a session
   * @param endless whether a length of time decides what is sent: the requests are sent over and
   *     over again, and what is not due yet when the phase is stopped is no request
   */
  record Open(
      Schedule schedule,
      long zeroNanos,
      @Nullable Integer maxInFlight,
      Pauses pauses,
      boolean endless)
      implements Pace {

    /** Each request once, without pauses. */
    public Open(Schedule schedule, long zeroNanos, @Nullable Integer maxInFlight) {
      this(schedule, zeroNanos, maxInFlight, Pauses.NONE, false);
    }
  }

  /**
   * Users: each has one request in flight, and the next one is due when it has ended and its pause
   * has passed. A user goes through one session after the other.
   *
   * @param concurrency users
   * @param pauses pauses of a user
   * @param gaps keeps due times apart; null for nothing
   * @param lengthNanos how long requests are issued, over and over again; null for each once
   */
  record Closed(int concurrency, Pauses pauses, @Nullable Gaps gaps, @Nullable Long lengthNanos)
      implements Pace {

    /** Users without pauses, who send each request once. */
    public Closed(int concurrency) {
      this(concurrency, Pauses.NONE, null, null);
    }
  }

  /**
   * Rounds of requests that are due together: one when the one before has ended and the longest of
   * its pauses has passed.
   *
   * @param size requests of a round
   * @param pauses pauses before the requests of a round
   */
  record Bursts(int size, Pauses pauses) implements Pace {}
}
