package dev.kvasir.producer.verdict;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Values of requests by ordinal in bounded memory: of all requests up to 65,536, then of every
 * second one up to twice as many, of every fourth, and so on. Not thread-safe.
 */
final class Thinned {

  private static final int MOST = 1 << 16;

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
    size = (size + 1) / 2;
    for (int index = 0; index < size; index++) {
      kept[index] = kept[2 * index];
    }
    step *= 2;
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
