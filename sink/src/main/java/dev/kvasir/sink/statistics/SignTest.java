package dev.kvasir.sink.statistics;

import org.apache.commons.statistics.inference.BinomialTest;

/** Whether more pairs go one way than chance explains, whatever the differences' sizes. */
public final class SignTest {

  private SignTest() {}

  /**
   * The two-sided probability of a split at least as uneven if both ways were equally likely; ties
   * are left out.
   *
   * @param better pairs that go one way
   * @param worse pairs that go the other
   */
  public static double probability(long better, long worse) {
    if (better < 0 || worse < 0) {
      throw new IllegalArgumentException(
          "pairs are %d and %d; expected 0 or more".formatted(better, worse));
    }
    long pairs = better + worse;
    if (pairs == 0) {
      return 1;
    }
    if (pairs > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "there are %d pairs; expected up to 2^31".formatted(pairs));
    }
    return BinomialTest.withDefaults().test((int) pairs, (int) better, 0.5).getPValue();
  }
}
