package dev.kvasir.producer.arrival;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The due times of an open loop's arrivals: a pure function of timing, number and seed. Immutable.
 */
public final class Schedule {

  private final long[] dueNanos;

  private Schedule(long[] dueNanos) {
    this.dueNanos = dueNanos;
  }

  /**
   * Draws {@code requests} due times.
   *
   * <p>At a steady rate they are stretched so that the last one falls exactly at {@code requests /
   * rate} seconds, as vLLM's benchmark does: the mean rate of every run is the one asked for. Over
   * steps they are stretched so that the last one falls when the steps have asked for that many. A
   * ramp is not stretched, as in vLLM.
   *
   * @throws IllegalArgumentException if steps ask for fewer requests
   */
  public static Schedule of(Timing.Rated timing, int requests, long seed) {
    RandomGenerator seeded = new SplittableRandom(seed);
    return switch (timing.curve()) {
      case RateCurve.Fixed(double rate) ->
          new Schedule(stretched(draw(arrivals(timing.process(), rate, seeded), requests), rate));
      case RateCurve.Ramp ramp ->
          new Schedule(
              draw(
                  new RampArrivals(ramp, requests, Gaps.ofMeanOne(timing.process(), seeded)),
                  requests));
      case RateCurve.Steps steps -> over(steps, timing.process(), requests, seeded);
    };
  }

  /** The due times at a steady rate, or those of a list. */
  public static Schedule of(LoadPoint.Open load, int requests, long seed) {
    return switch (load.timing()) {
      case Timing.Rated rated -> of(rated, requests, seed);
      case Timing.Listed listed -> listed.schedule().first(requests);
      case Timing.Traced traced ->
          throw new IllegalArgumentException("the times of a trace come with its prompts");
    };
  }

  /**
   * Draws the due times at a steady rate until a time has passed. They are not stretched.
   *
   * @throws IllegalArgumentException if the rate is not one finite number
   */
  public static Schedule within(Timing.Rated timing, Duration length, long seed) {
    if (!(timing.curve() instanceof RateCurve.Fixed(double rate)) || timing.isAllAtOnce()) {
      throw new IllegalArgumentException(timing.text() + " cannot be drawn for a length of time");
    }
    Arrivals arrivals = arrivals(timing.process(), rate, new SplittableRandom(seed));
    long end = length.toNanos();
    long[] due = new long[1024];
    int count = 0;
    for (long next = arrivals.nextDueNanos(); next <= end; next = arrivals.nextDueNanos()) {
      if (count == due.length) {
        due = Arrays.copyOf(due, count * 2);
      }
      due[count++] = next;
    }
    return new Schedule(Arrays.copyOf(due, count));
  }

  /**
   * Times as they are given, in nanoseconds from the start.
   *
   * @throws IllegalArgumentException if one is negative or before its predecessor
   */
  public static Schedule at(List<Long> times) {
    long[] due = new long[times.size()];
    long before = 0;
    for (int i = 0; i < due.length; i++) {
      due[i] = times.get(i);
      if (due[i] < before) {
        throw new IllegalArgumentException(
            "time %d is %d ns, before %d ns".formatted(i, due[i], before));
      }
      before = due[i];
    }
    return new Schedule(due);
  }

  /** How many are due so many nanoseconds from the start, or before. */
  public int dueBy(long nanos) {
    int count = 0;
    while (count < dueNanos.length && dueNanos[count] <= nanos) {
      count++;
    }
    return count;
  }

  private static long[] draw(Arrivals arrivals, int requests) {
    long[] due = new long[requests];
    for (int ordinal = 0; ordinal < requests; ordinal++) {
      due[ordinal] = arrivals.nextDueNanos();
    }
    return due;
  }

  private static Arrivals arrivals(ArrivalProcess process, double rate, RandomGenerator seeded) {
    if (Double.isInfinite(rate)) {
      return Arrivals.allAtOnce();
    }
    return switch (process) {
      case ArrivalProcess.Constant() -> Arrivals.constant(rate);
      case ArrivalProcess.Poisson() -> Arrivals.poisson(rate, seeded);
      case ArrivalProcess.Gamma(double burstiness) -> Arrivals.gamma(rate, burstiness, seeded);
    };
  }

  /** Draws at one request per unit and bends the units so that the steps' rates come out. */
  private static Schedule over(
      RateCurve.Steps steps, ArrivalProcess process, int requests, RandomGenerator seeded) {
    if (requests > steps.requests()) {
      throw new IllegalArgumentException(
          "%d requests of steps that ask for %d".formatted(requests, steps.requests()));
    }
    long[] due = stretched(draw(arrivals(process, 1, seeded), requests), 1);
    for (int ordinal = 0; ordinal < due.length; ordinal++) {
      due[ordinal] = Math.round(1e9 * steps.secondsUntil(due[ordinal] / 1e9));
    }
    return new Schedule(due);
  }

  private static long[] stretched(long[] due, double rate) {
    if (due.length == 0 || due[due.length - 1] == 0) {
      return due;
    }
    double end = 1e9 * due.length / rate;
    double factor = end / due[due.length - 1];
    for (int ordinal = 0; ordinal < due.length; ordinal++) {
      due[ordinal] = Math.round(due[ordinal] * factor);
    }
    return due;
  }

  /** The same times, {@code speed} times faster. */
  public Schedule faster(double speed) {
    return new Schedule(Arrays.stream(dueNanos).map(due -> Math.round(due / speed)).toArray());
  }

  /** The first so many times; all when there are fewer. */
  public Schedule first(int requests) {
    return requests >= size() ? this : new Schedule(Arrays.copyOf(dueNanos, requests));
  }

  /** The times up to one, that one included. */
  public Schedule until(Duration length) {
    long end = length.toNanos();
    return first((int) Arrays.stream(dueNanos).takeWhile(due -> due <= end).count());
  }

  /** The number of requests. */
  public int size() {
    return dueNanos.length;
  }

  /** When the request is due, in nanoseconds from the start of the run. */
  public long dueNanos(int ordinal) {
    return dueNanos[ordinal];
  }

  /** When the last request is due, in nanoseconds from the start of the run; 0 for none. */
  public long lastDueNanos() {
    return dueNanos.length == 0 ? 0 : dueNanos[dueNanos.length - 1];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schedule that && Arrays.equals(dueNanos, that.dueNanos);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dueNanos);
  }

  @Override
  public String toString() {
    return "%d requests over %.3f s".formatted(size(), lastDueNanos() / 1e9);
  }
}
