package dev.kvasir.producer.arrival;

/** Gaps of mean 1 that shrink or grow with the rate of each request. */
final class RampArrivals implements Arrivals {

  private final RateCurve.Ramp ramp;
  private final int requests;
  private final Gaps gaps;
  private int scheduled;
  private double dueNanos;

  RampArrivals(RateCurve.Ramp ramp, int requests, Gaps gaps) {
    this.ramp = ramp;
    this.requests = requests;
    this.gaps = gaps;
  }

  @Override
  public long nextDueNanos() {
    dueNanos += 1e9 / ramp.rate(scheduled++, requests) * gaps.next();
    return Math.round(dueNanos);
  }
}
