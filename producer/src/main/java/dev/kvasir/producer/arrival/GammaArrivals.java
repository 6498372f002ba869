package dev.kvasir.producer.arrival;

import java.util.random.RandomGenerator;

/** Gaps drawn from a gamma distribution, reproducible from the generator's seed on any machine. */
final class GammaArrivals implements Arrivals {

  private final double meanGapNanos;
  private final double shape;
  private final RandomGenerator random;
  private double dueNanos;

  GammaArrivals(double requestsPerSecond, double shape, RandomGenerator random) {
    this.meanGapNanos = 1e9 / requestsPerSecond;
    this.shape = shape;
    this.random = random;
  }

  @Override
  public long nextDueNanos() {
    dueNanos += meanGapNanos * GammaVariate.ofMeanOne(shape, random);
    return Math.round(dueNanos);
  }
}
