package dev.kvasir.producer.spread;

import java.util.function.DoubleFunction;

/**
 * How numbers between two bounds are spread. A distribution is cut off at the bounds: what it has
 * beyond them is spread over what lies between them in proportion, so that nothing piles up at a
 * bound.
 */
public sealed interface Spread {

  /** The share that a draw of 53 bits never exceeds. */
  double MOST = Math.nextDown(1.0);

  /**
   * The number below which a share of what is drawn lies.
   *
   * @param share from 0 to below 1
   * @param least the lower bound
   * @param most the upper bound, which may be infinite unless the spread is even
   */
  double at(double share, double least, double most);

  /** The same, with a number added to everything that is drawn. */
  Spread plus(double number);

  /**
   * As plans write it, without bounds.
   *
   * @param unit writes a number
   */
  String text(DoubleFunction<String> unit);

  /** Mean of what is drawn between two finite bounds, to about a thousandth. */
  default double mean(double least, double most) {
    int parts = 1000;
    double sum = 0;
    for (int part = 0; part < parts; part++) {
      sum += at((part + 0.5) / parts, least, most);
    }
    return sum / parts;
  }

  /** Every number is as likely as every other. */
  record Even() implements Spread {
    @Override
    public double at(double share, double least, double most) {
      return least + share * (most - least);
    }

    @Override
    public Spread plus(double number) {
      return this;
    }

    @Override
    public String text(DoubleFunction<String> unit) {
      return "";
    }
  }

  /**
   * A normal distribution.
   *
   * @param mean its mean, before it is cut off
   * @param deviation its standard deviation, before it is cut off; above 0
   */
  record Normal(double mean, double deviation) implements Spread {
    public Normal {
      mustBePositive(deviation);
    }

    @Override
    public double at(double share, double least, double most) {
      double from = StandardNormal.below((least - mean) / deviation);
      double to = StandardNormal.below((most - mean) / deviation);
      return inside(
          mean + deviation * StandardNormal.quantile(between(share, from, to)), least, most);
    }

    @Override
    public Spread plus(double number) {
      return new Normal(mean + number, deviation);
    }

    @Override
    public String text(DoubleFunction<String> unit) {
      return "normal %s sd %s".formatted(unit.apply(mean), unit.apply(deviation));
    }
  }

  /**
   * A log-normal distribution.
   *
   * @param mean its mean, before it is cut off and anything is added; above 0
   * @param deviation its standard deviation, before it is cut off; above 0
   * @param added what is added to each number, not below 0
   */
  record LogNormal(double mean, double deviation, double added) implements Spread {
    public LogNormal {
      mustBePositive(mean);
      mustBePositive(deviation);
    }

    @Override
    public double at(double share, double least, double most) {
      double from = below(least - added);
      double to = below(most - added);
      double normal = StandardNormal.quantile(between(share, from, to));
      return inside(added + StrictMath.exp(logMean() + logDeviation() * normal), least, most);
    }

    private double below(double number) {
      return number <= 0
          ? 0
          : StandardNormal.below((StrictMath.log(number) - logMean()) / logDeviation());
    }

    private double logDeviation() {
      double ratio = deviation / mean;
      return Math.sqrt(StrictMath.log(1 + ratio * ratio));
    }

    private double logMean() {
      double deviationOfLogs = logDeviation();
      return StrictMath.log(mean) - deviationOfLogs * deviationOfLogs / 2;
    }

    @Override
    public Spread plus(double number) {
      return new LogNormal(mean, deviation, added + number);
    }

    @Override
    public String text(DoubleFunction<String> unit) {
      return "lognormal %s sd %s%s"
          .formatted(unit.apply(mean), unit.apply(deviation), suffix(added, unit));
    }
  }

  /**
   * An exponential distribution.
   *
   * @param mean its mean, before it is cut off and anything is added; above 0
   * @param added what is added to each number, not below 0
   */
  record Exponential(double mean, double added) implements Spread {
    public Exponential {
      mustBePositive(mean);
    }

    @Override
    public double at(double share, double least, double most) {
      double inverse = between(share, below(least - added), below(most - added));
      return inside(added - mean * StrictMath.log(1 - inverse), least, most);
    }

    private double below(double number) {
      return number <= 0 ? 0 : 1 - StrictMath.exp(-number / mean);
    }

    @Override
    public Spread plus(double number) {
      return new Exponential(mean, added + number);
    }

    @Override
    public String text(DoubleFunction<String> unit) {
      return "exponential %s%s".formatted(unit.apply(mean), suffix(added, unit));
    }
  }

  private static double between(double share, double from, double to) {
    return Math.min(MOST, from + share * (to - from));
  }

  private static double inside(double number, double least, double most) {
    return Math.clamp(number, least, most);
  }

  private static String suffix(double added, DoubleFunction<String> unit) {
    return added == 0 ? "" : " plus " + unit.apply(added);
  }

  private static void mustBePositive(double number) {
    if (!(number > 0) || Double.isInfinite(number)) {
      throw new IllegalArgumentException(number + " must be above 0 and finite");
    }
  }
}
