package dev.kvasir.producer.arrival;

import org.jspecify.annotations.Nullable;

/** How hard the server is driven in one run. */
public sealed interface LoadPoint {

  /**
   * The load point as a short text, such as {@code rate=2.5}, {@code rate=inf} or {@code
   * concurrency=16}: the same for every strategy, different for different load points, and made of
   * the characters {@code a-z 0-9 . = - _} only.
   */
  String text();

  /**
   * Requests leave when they are due, whatever the server does. With sessions, what is due so is
   * their first turns.
   *
   * @param timing when that is
   * @param maxInFlight cap on requests in flight: those above it queue, and their latency still
   *     counts from when they were due; null for no cap
   */
  record Open(Timing timing, @Nullable Integer maxInFlight) implements LoadPoint {
    public Open {
      if (maxInFlight != null && maxInFlight < 1) {
        throw new IllegalArgumentException("maxInFlight is " + maxInFlight + "; it must be >= 1");
      }
    }

    /**
     * A steady rate.
     *
     * @param rate requests per second, above 0; +Infinity is everything at once
     */
    public Open(ArrivalProcess process, double rate, @Nullable Integer maxInFlight) {
      this(new Timing.Rated(process, new RateCurve.Fixed(rate)), maxInFlight);
    }

    @Override
    public String text() {
      return timing.text() + (maxInFlight == null ? "" : "-cap=" + maxInFlight);
    }
  }

  /**
   * A fixed number of users: each has one request in flight, and its next one is due when that one
   * has ended. With sessions, a user goes through one session after the other.
   *
   * @param concurrency users, at least 1
   * @param starts keeps requests apart: none is due before the gap that this draws has passed since
   *     the one before; null for none
   */
  record Closed(int concurrency, Timing.@Nullable Rated starts) implements LoadPoint {
    public Closed {
      if (concurrency < 1) {
        throw new IllegalArgumentException("concurrency is " + concurrency + "; it must be >= 1");
      }
      if (starts != null && !(starts.curve() instanceof RateCurve.Fixed && !starts.isAllAtOnce())) {
        throw new IllegalArgumentException("a closed loop's starts need one finite rate");
      }
    }

    /** Users who are as fast as the server. */
    public Closed(int concurrency) {
      this(concurrency, null);
    }

    @Override
    public String text() {
      return "concurrency=" + concurrency + (starts == null ? "" : "-" + starts.text());
    }
  }

  /**
   * Rounds of requests that are due together; a round begins when the one before has been answered.
   * With sessions, each place of a round takes turn after turn of one session.
   *
   * @param size requests of a round, at least 1
   * @param rounds rounds, at least 1; null when the number of prompts decides
   */
  record Bursts(int size, @Nullable Integer rounds) implements LoadPoint {
    public Bursts {
      if (size < 1 || (rounds != null && rounds < 1)) {
        throw new IllegalArgumentException("a burst of " + size + ", " + rounds + " rounds");
      }
    }

    @Override
    public String text() {
      return "burst=" + size + (rounds == null ? "" : "-rounds=" + rounds);
    }
  }
}
