package dev.kvasir.producer.arrival;

import java.util.random.RandomGenerator;

/**
 * When requests are due, in nanoseconds from the start of the run. Never looks at a clock. The
 * first request waits one gap, as in vLLM.
 */
interface Arrivals {

  /** The due time of the next request; never earlier than the one before. */
  long nextDueNanos();

  /** Equal gaps. */
  static Arrivals constant(double requestsPerSecond) {
    return new ConstantArrivals(requestsPerSecond);
  }

  /** Independent users: exponential gaps. */
  static Arrivals poisson(double requestsPerSecond, RandomGenerator seeded) {
    return gamma(requestsPerSecond, 1, seeded);
  }

  /**
   * Gamma-distributed gaps of mean 1/rate and coefficient of variation 1/√burstiness: 1 is Poisson,
   * less is burstier, more is smoother.
   */
  static Arrivals gamma(double requestsPerSecond, double burstiness, RandomGenerator seeded) {
    return new GammaArrivals(requestsPerSecond, burstiness, seeded);
  }

  /** Everything is due at the start. */
  static Arrivals allAtOnce() {
    return () -> 0;
  }
}
