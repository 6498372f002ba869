package dev.kvasir.producer.arrival;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Gaps between requests. One thread owns it. */
public final class Gaps {

  private final ArrivalProcess process;
  private final double mean;
  private final RandomGenerator random;

  private Gaps(ArrivalProcess process, double mean, RandomGenerator random) {
    this.process = process;
    this.mean = mean;
    this.random = random;
  }

  /** Gaps of mean 1. */
  static Gaps ofMeanOne(ArrivalProcess process, RandomGenerator seeded) {
    return new Gaps(process, 1, seeded);
  }

  /**
   * Gaps in nanoseconds.
   *
   * @throws IllegalArgumentException if the rate is not one finite number
   */
  public static Gaps of(Timing.Rated rated, long seed) {
    if (!(rated.curve() instanceof RateCurve.Fixed(double rate)) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(rated.text() + " has no mean gap");
    }
    return new Gaps(rated.process(), 1e9 / rate, new SplittableRandom(seed));
  }

  double next() {
    return mean
        * switch (process) {
          case ArrivalProcess.Constant() -> 1;
          case ArrivalProcess.Poisson() -> GammaVariate.ofMeanOne(1, random);
          case ArrivalProcess.Gamma(double burstiness) ->
              GammaVariate.ofMeanOne(burstiness, random);
        };
  }

  /** The next gap. */
  public long nextNanos() {
    return Math.round(next());
  }
}
