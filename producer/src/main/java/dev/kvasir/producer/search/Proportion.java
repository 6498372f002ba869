package dev.kvasir.producer.search;

import java.util.List;

/**
 * A share with its interval.
 *
 * @param share share that was seen, 0 to 1; NaN when nothing was
 * @param low lower end of the interval
 * @param high upper end of the interval
 */
public record Proportion(double share, double low, double high) {

  /**
   * Wilson's score interval over the requests of several runs. Requests of one run resemble each
   * other, so that their number is divided by the design effect, the ratio of the variance between
   * the runs' shares to what independent requests would show, where that is above 1.
   *
   * @param z quantile of the normal distribution, 1.96 for 95 % confidence
   */
  static Proportion of(List<Tally> runs, double z) {
    double due = runs.stream().mapToLong(Tally::due).sum();
    double attained = runs.stream().mapToLong(Tally::attained).sum();
    if (due == 0) {
      return new Proportion(Double.NaN, 0, 1);
    }
    double share = attained / due;
    double number = due / Math.max(1, designEffect(runs, share));
    double square = z * z / number;
    double middle = (share + square / 2) / (1 + square);
    double half = z / (1 + square) * Math.sqrt(share * (1 - share) / number + square / number / 4);
    return new Proportion(share, Math.max(0, middle - half), Math.min(1, middle + half));
  }

  private static double designEffect(List<Tally> runs, double share) {
    List<Tally> counted = runs.stream().filter(run -> run.due() > 0).toList();
    if (counted.size() < 2 || share == 0 || share == 1) {
      return 1;
    }
    double mean = counted.stream().mapToDouble(Proportion::share).average().orElseThrow();
    double variance =
        counted.stream().mapToDouble(run -> square(share(run) - mean)).sum() / (counted.size() - 1);
    double each = counted.stream().mapToLong(Tally::due).average().orElseThrow();
    return variance / (share * (1 - share) / each);
  }

  private static double share(Tally run) {
    return (double) run.attained() / run.due();
  }

  private static double square(double value) {
    return value * value;
  }
}
