package dev.kvasir.producer.verdict;

/** A straight line through values by least squares. */
final class Trend {

  /** The 99.9 % quantile of the normal distribution, which Student's t is close to from n = 50. */
  private static final double CONFIDENT = 3.09;

  private Trend() {}

  /** Rise per unit of x; 0 when all x are equal. */
  static double slope(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      products += (x[i] - meanX) * (y[i] - meanY);
      squares += (x[i] - meanX) * (x[i] - meanX);
    }
    return squares == 0 ? 0 : products / squares;
  }

  /** Whether the slope is above 0 at 99.9 % confidence. */
  static boolean rises(double[] x, double[] y) {
    double slope = slope(x, y);
    return slope > 0 && slope > CONFIDENT * error(x, y, slope);
  }

  /** What the slope is below at 99.9 % confidence; infinite when all x are equal. */
  static double atMost(double[] x, double[] y) {
    double slope = slope(x, y);
    return slope + CONFIDENT * error(x, y, slope);
  }

  /** Standard error of a slope; infinite when all x are equal. */
  private static double error(double[] x, double[] y, double slope) {
    double meanX = mean(x);
    double meanY = mean(y);
    double residuals = 0;
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      double residual = y[i] - meanY - slope * (x[i] - meanX);
      residuals += residual * residual;
      squares += (x[i] - meanX) * (x[i] - meanX);
    }
    return squares == 0
        ? Double.POSITIVE_INFINITY
        : Math.sqrt(residuals / (x.length - 2) / squares);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
