package dev.kvasir.producer.arrival;

import java.util.random.RandomGenerator;

/**
 * Gamma variates by G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables",
 * ACM TOMS 26(3), 2000. Only {@code nextDouble} and {@link StrictMath} are used, so that a seed
 * gives the same variates on every machine and Java version.
 */
final class GammaVariate {

  private GammaVariate() {}

  /** A variate of the given shape, scaled to a mean of 1. */
  static double ofMeanOne(double shape, RandomGenerator random) {
    if (shape == 1) {
      return exponential(random);
    }
    return ofShape(shape, random) / shape;
  }

  private static double exponential(RandomGenerator random) {
    return -StrictMath.log(1 - random.nextDouble());
  }

  private static double ofShape(double shape, RandomGenerator random) {
    if (shape < 1) {
      double boost = StrictMath.pow(1 - random.nextDouble(), 1 / shape);
      return ofShape(shape + 1, random) * boost;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / StrictMath.sqrt(9 * d);
    while (true) {
      double normal = normal(random);
      double root = 1 + c * normal;
      double cube = root * root * root;
      double uniform = 1 - random.nextDouble();
      if (root > 0
          && StrictMath.log(uniform)
              < 0.5 * normal * normal + d * (1 - cube + StrictMath.log(cube))) {
        return d * cube;
      }
    }
  }

  /** Box and Muller's method. */
  private static double normal(RandomGenerator random) {
    double radius = StrictMath.sqrt(2 * exponential(random));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }
}
