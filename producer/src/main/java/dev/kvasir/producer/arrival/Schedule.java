package dev.kvasir.producer.arrival;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * The due times of an open loop's arrivals: a pure function of timing, number and seed. They are
 * drawn anew whenever they are read, so that days of them take no memory. Immutable.
 */
public final class Schedule {

  private final Supplier<Arrivals> arrivals;
  private final int size;
  private final long lastDueNanos;

  private Schedule(Supplier<Arrivals> arrivals, int size, long lastDueNanos) {
    this.arrivals = arrivals;
    this.size = size;
    this.lastDueNanos = lastDueNanos;
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
    return switch (timing.curve()) {
      case RateCurve.Fixed(double rate) ->
          first(stretched(drawn(timing.process(), rate, seed), requests, rate), requests);
      case RateCurve.Ramp ramp ->
          first(
              () ->
                  new RampArrivals(
                      ramp, requests, Gaps.ofMeanOne(timing.process(), new SplittableRandom(seed))),
              requests);
      case RateCurve.Steps steps -> {
        if (requests > steps.requests()) {
          throw new IllegalArgumentException(
              "%d requests of steps that ask for %d".formatted(requests, steps.requests()));
        }
        StepTimes times = new StepTimes(steps);
        yield first(
            bent(
                stretched(drawn(timing.process(), 1, seed), requests, 1),
                due -> Math.round(1e9 * times.secondsUntil(due / 1e9))),
            requests);
      }
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
   * Draws due times until a time has passed: at a steady rate, or over steps that begin anew when
   * they have ended. They are not stretched.
   *
   * @throws IllegalArgumentException if the rate is infinite or a ramp's
   */
  public static Schedule within(Timing.Rated timing, Duration length, long seed) {
    return switch (timing.curve()) {
      case RateCurve.Fixed(double rate) when !timing.isAllAtOnce() ->
          until(drawn(timing.process(), rate, seed), length);
      case RateCurve.Steps steps -> {
        StepTimes times = new StepTimes(steps);
        yield until(
            bent(
                drawn(timing.process(), 1, seed),
                due -> Math.round(1e9 * times.secondsOfPlaysUntil(due / 1e9))),
            length);
      }
      case RateCurve.Fixed _, RateCurve.Ramp _ ->
          throw new IllegalArgumentException(
              timing.text() + " cannot be drawn for a length of time");
    };
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
    return first(() -> Arrays.stream(due).iterator()::nextLong, due.length);
  }

  private static Supplier<Arrivals> drawn(ArrivalProcess process, double rate, long seed) {
    if (Double.isInfinite(rate)) {
      return Arrivals::allAtOnce;
    }
    return () -> {
      RandomGenerator seeded = new SplittableRandom(seed);
      return switch (process) {
        case ArrivalProcess.Constant() -> Arrivals.constant(rate);
        case ArrivalProcess.Poisson() -> Arrivals.poisson(rate, seeded);
        case ArrivalProcess.Gamma(double burstiness) -> Arrivals.gamma(rate, burstiness, seeded);
      };
    };
  }

  /** Stretches arrivals so that the last of so many falls at {@code requests / rate} seconds. */
  private static Supplier<Arrivals> stretched(
      Supplier<Arrivals> arrivals, int requests, double rate) {
    long last = first(arrivals, requests).lastDueNanos;
    if (last == 0) {
      return arrivals;
    }
    double factor = 1e9 * requests / rate / last;
    return bent(arrivals, due -> Math.round(due * factor));
  }

  /** Arrivals whose times are made of others'. */
  private static Supplier<Arrivals> bent(Supplier<Arrivals> arrivals, LongUnaryOperator time) {
    return () -> {
      Arrivals before = arrivals.get();
      return () -> time.applyAsLong(before.nextDueNanos());
    };
  }

  private static Schedule first(Supplier<Arrivals> arrivals, int size) {
    long last = 0;
    Arrivals each = arrivals.get();
    for (int ordinal = 0; ordinal < size; ordinal++) {
      last = each.nextDueNanos();
    }
    return new Schedule(arrivals, size, last);
  }

  private static Schedule until(Supplier<Arrivals> arrivals, Duration length) {
    long end = length.toNanos();
    int size = 0;
    long last = 0;
    Arrivals each = arrivals.get();
    for (long due = each.nextDueNanos(); due <= end; due = each.nextDueNanos()) {
      size = Math.incrementExact(size);
      last = due;
    }
    return new Schedule(arrivals, size, last);
  }

  /** How many are due so many nanoseconds from the start, or before. */
  public int dueBy(long nanos) {
    return (int) dueNanos().takeWhile(due -> due <= nanos).count();
  }

  /** The same times, {@code speed} times faster. */
  public Schedule faster(double speed) {
    return first(bent(arrivals, due -> Math.round(due / speed)), size);
  }

  /** The first so many times; all when there are fewer. */
  public Schedule first(int requests) {
    return requests >= size ? this : first(arrivals, requests);
  }

  /**
   * The times up to one; those that end before it begin anew, each time a mean gap after the last.
   */
  public Schedule lasting(Duration length) {
    if (size < 2 || lastDueNanos >= length.toNanos()) {
      return until(length);
    }
    long first = dueNanos().findFirst().orElseThrow();
    long gap = (lastDueNanos - first) / (size - 1);
    return gap == 0 ? this : until(again(lastDueNanos - first + gap), length);
  }

  /** The same arrivals over and over again, so many nanoseconds apart. */
  private Supplier<Arrivals> again(long periodNanos) {
    return () ->
        new Arrivals() {
          private Arrivals play = arrivals.get();
          private int taken;
          private long begin;

          @Override
          public long nextDueNanos() {
            if (taken == size) {
              taken = 0;
              begin += periodNanos;
              play = arrivals.get();
            }
            taken++;
            return begin + play.nextDueNanos();
          }
        };
  }

  /** The times up to one, that one included. */
  public Schedule until(Duration length) {
    return first(dueBy(length.toNanos()));
  }

  /** The number of requests. */
  public int size() {
    return size;
  }

  /** When each request is due, in nanoseconds from the start of the run, by ordinal. */
  public LongStream dueNanos() {
    Arrivals each = arrivals.get();
    return LongStream.range(0, size).map(_ -> each.nextDueNanos());
  }

  /** When the last request is due, in nanoseconds from the start of the run; 0 for none. */
  public long lastDueNanos() {
    return lastDueNanos;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schedule that
        && size == that.size
        && Arrays.equals(dueNanos().toArray(), that.dueNanos().toArray());
  }

  @Override
  public int hashCode() {
    return 31 * size + Long.hashCode(lastDueNanos);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d requests over %.3f s", size, lastDueNanos / 1e9);
  }
}
