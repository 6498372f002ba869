package dev.kvasir.producer.arrival;

/** Computed from the count, not by adding gaps, so that rounding never accumulates. */
final class ConstantArrivals implements Arrivals {

  private final double requestsPerSecond;
  private long scheduled;

  ConstantArrivals(double requestsPerSecond) {
    this.requestsPerSecond = requestsPerSecond;
  }

  @Override
  public long nextDueNanos() {
    scheduled++;
    return Math.round(1e9 * scheduled / requestsPerSecond);
  }
}
