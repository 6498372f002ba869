package dev.kvasir.simulator.engine;

/** A line that does one thing after the other. Times are nanoseconds, with fractions. */
final class Link {
  private double freeNanos = Long.MIN_VALUE;

  /** Is busy for so long, from {@code nowNanos} on or once it is free; answers when it is done. */
  double occupy(double nowNanos, double tookNanos) {
    freeNanos = Math.max(freeNanos, nowNanos) + tookNanos;
    return freeNanos;
  }

  /** When what is in line will be done. */
  double freeNanos() {
    return freeNanos;
  }
}
