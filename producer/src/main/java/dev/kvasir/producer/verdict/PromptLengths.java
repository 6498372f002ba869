package dev.kvasir.producer.verdict;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Prompt lengths and times to first token since sent of one run. Not thread-safe. */
final class PromptLengths {

  private static final int LEAST = 40;
  private static final double LEAST_RANGE = 10;
  private static final double LONG_PROMPT = 2000;
  private static final double SAME = 1.1;

  private final Thinned tokens = new Thinned();
  private final Thinned nanos = new Thinned();

  void add(int ordinal, int promptTokens, long ttftNanos) {
    tokens.put(ordinal, promptTokens);
    nanos.put(ordinal, (double) ttftNanos);
  }

  /**
   * Whether long prompts took no longer than short ones: of at least 40 requests, the longest
   * quarter is at least ten times as long as the shortest and at least 2,000 tokens, and the median
   * times of both are within 10 %.
   */
  boolean doNotMatter() {
    double[] lengths = tokens.all().filter(length -> !Double.isNaN(length)).toArray();
    double[] times = nanos.all().filter(time -> !Double.isNaN(time)).toArray();
    int size = lengths.length;
    if (size < LEAST) {
      return false;
    }
    int[] byLength =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble(index -> lengths[index]))
            .mapToInt(Integer::intValue)
            .toArray();
    int quarter = size / 4;
    double shortTokens = median(lengths, byLength, 0, quarter);
    double longTokens = median(lengths, byLength, size - quarter, size);
    if (longTokens < LONG_PROMPT || longTokens < LEAST_RANGE * shortTokens) {
      return false;
    }
    double shortNanos = median(times, byLength, 0, quarter);
    double longNanos = median(times, byLength, size - quarter, size);
    return longNanos < SAME * shortNanos && shortNanos < SAME * longNanos;
  }

  private static double median(double[] values, int[] order, int from, int to) {
    double[] sorted = IntStream.range(from, to).mapToDouble(i -> values[order[i]]).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
