package dev.kvasir.producer.workload;

import java.util.Arrays;

/** A growing list of places in a file. */
final class Offsets {

  private long[] offsets = new long[1024];
  private int size;

  void add(long offset) {
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * size);
    }
    offsets[size++] = offset;
  }

  long get(int index) {
    return offsets[index];
  }

  int size() {
    return size;
  }
}
