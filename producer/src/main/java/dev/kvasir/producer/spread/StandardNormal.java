package dev.kvasir.producer.spread;

/** The normal distribution of mean 0 and standard deviation 1. The same on every machine. */
public final class StandardNormal {

  private StandardNormal() {}

  /** The value below which a share of the distribution lies, by bisection, to 1e-9. */
  public static double quantile(double share) {
    double low = -10;
    double high = 10;
    while (high - low > 1e-9) {
      double middle = (low + high) / 2;
      if (below(middle) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** The share below a value, by Abramowitz and Stegun 26.2.17, to 7.5e-8. */
  static double below(double x) {
    if (Double.isInfinite(x)) {
      return x < 0 ? 0 : 1;
    }
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double density = StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    double tail =
        density
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return x < 0 ? tail : 1 - tail;
  }
}
