package dev.kvasir.producer.workload;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** How prompts are spread over groups. */
final class Popularity {

  private Popularity() {}

  /** The same number in each group, one more in the first ones when it does not divide. */
  static int[] even(int prompts, int groups) {
    int[] members = new int[groups];
    for (int group = 0; group < groups; group++) {
      members[group] = prompts / groups + (group < prompts % groups ? 1 : 0);
    }
    return members;
  }

  /** Drawn by Zipf's law: the k-th group with a probability in proportion to {@code 1/k^alpha}. */
  static int[] zipf(int prompts, int groups, double alpha, RandomGenerator random) {
    double[] cumulative = new double[groups];
    double sum = 0;
    for (int group = 0; group < groups; group++) {
      sum += Math.pow(group + 1.0, -alpha);
      cumulative[group] = sum;
    }
    int[] members = new int[groups];
    for (int prompt = 0; prompt < prompts; prompt++) {
      int at = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
      members[Math.min(groups - 1, at < 0 ? -at - 1 : at + 1)]++;
    }
    return members;
  }
}
