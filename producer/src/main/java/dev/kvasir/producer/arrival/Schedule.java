package dev.kvasir.producer.arrival;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The due times of an open-loop run's requests: a pure function of load point, number and seed.
 * Immutable.
 */
public final class Schedule {

  private final long[] dueNanos;

  private Schedule(long[] dueNanos) {
    this.dueNanos = dueNanos;
  }

  /**
   * Draws {@code requests} due times and stretches them so that the last one falls exactly at
   * {@code requests / rate} seconds, as vLLM's benchmark does: the mean rate of every run is the
   * one asked for.
   */
  public static Schedule of(LoadPoint.Open load, int requests, long seed) {
    Arrivals arrivals = arrivals(load, new SplittableRandom(seed));
    long[] due = new long[requests];
    for (int ordinal = 0; ordinal < requests; ordinal++) {
      due[ordinal] = arrivals.nextDueNanos();
    }
    return new Schedule(stretched(due, load.rate()));
  }

  private static Arrivals arrivals(LoadPoint.Open load, RandomGenerator seeded) {
    if (Double.isInfinite(load.rate())) {
      return Arrivals.allAtOnce();
    }
    return switch (load.process()) {
      case ArrivalProcess.Constant() -> Arrivals.constant(load.rate());
      case ArrivalProcess.Poisson() -> Arrivals.poisson(load.rate(), seeded);
      case ArrivalProcess.Gamma(double burstiness) ->
          Arrivals.gamma(load.rate(), burstiness, seeded);
    };
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
