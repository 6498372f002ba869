package dev.kvasir.producer.verdict;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Values of requests by ordinal in bounded memory: of all requests up to 65,536, then of every
 * seventh up to seven times as many, of every 49th, and so on; an odd step, so that prompts and
 * turns that come round by twos and tens are all among them. Not thread-safe.
 */
final class Thinned {

  private static final int MOST = 1 << 16;
  private static final int THINNER = 7;

  private double[] kept = new double[16];
  private int size;
  private int step = 1;

  /** Takes the value of a request; NaN for none. */
  void put(int ordinal, double value) {
    while (ordinal / step >= MOST) {
      thin();
    }
    if (ordinal % step != 0) {
      return;
    }
    int index = ordinal / step;
    if (index >= kept.length) {
      kept = Arrays.copyOf(kept, Math.max(index + 1, kept.length * 2));
    }
    if (index >= size) {
      Arrays.fill(kept, size, index, Double.NaN);
      size = index + 1;
    }
    kept[index] = value;
  }

  private void thin() {
    size = Math.ceilDiv(size, THINNER);
    for (int index = 0; index < size; index++) {
      kept[index] = kept[THINNER * index];
    }
    step *= THINNER;
  }

  /** The values that were kept, in the order of their ordinals, NaN for none. */
  DoubleStream all() {
    return Arrays.stream(kept, 0, size);
  }

  /** Those of the first quarter of the requests. */
  DoubleStream firstQuarter() {
    return Arrays.stream(kept, 0, size / 4);
  }

  /** Those of the last quarter of the requests. */
  DoubleStream lastQuarter() {
    return Arrays.stream(kept, size - size / 4, size);
  }
}
