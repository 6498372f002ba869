package dev.kvasir.simulator.engine;

import java.util.Arrays;

/** Finds a slot by the hash of a prefix: an open-addressing map from long to int. */
final class PrefixIndex {
  static final int NONE = -1;

  private long[] keys;
  private int[] slots;
  private int mask;
  private int size;

  PrefixIndex(int expected) {
    int room = Integer.highestOneBit(Math.max(8, expected) * 2 - 1) << 1;
    keys = new long[room];
    slots = new int[room];
    mask = room - 1;
    Arrays.fill(slots, NONE);
  }

  int get(long key) {
    for (int at = at(key); slots[at] != NONE; at = at + 1 & mask) {
      if (keys[at] == key) {
        return slots[at];
      }
    }
    return NONE;
  }

  /** Does nothing and answers false if the key is there already. */
  boolean putIfAbsent(long key, int slot) {
    int at = at(key);
    for (; slots[at] != NONE; at = at + 1 & mask) {
      if (keys[at] == key) {
        return false;
      }
    }
    keys[at] = key;
    slots[at] = slot;
    if (++size * 2 > mask) {
      grow();
    }
    return true;
  }

  void remove(long key) {
    int at = at(key);
    while (slots[at] != NONE && keys[at] != key) {
      at = at + 1 & mask;
    }
    if (slots[at] == NONE) {
      return;
    }
    size--;
    closeGap(at);
  }

  void clear() {
    Arrays.fill(slots, NONE);
    size = 0;
  }

  /** Moves what follows back, so that nothing lies behind an empty place on its own way. */
  private void closeGap(int gap) {
    int hole = gap;
    int at = hole + 1 & mask;
    while (slots[at] != NONE) {
      int home = at(keys[at]);
      if ((at - home & mask) >= (at - hole & mask)) {
        keys[hole] = keys[at];
        slots[hole] = slots[at];
        hole = at;
      }
      at = at + 1 & mask;
    }
    slots[hole] = NONE;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldSlots = slots;
    keys = new long[oldKeys.length * 2];
    slots = new int[oldSlots.length * 2];
    mask = slots.length - 1;
    Arrays.fill(slots, NONE);
    size = 0;
    for (int i = 0; i < oldSlots.length; i++) {
      if (oldSlots[i] != NONE) {
        putIfAbsent(oldKeys[i], oldSlots[i]);
      }
    }
  }

  private int at(long key) {
    return (int) ((key * 0x9e3779b97f4a7c15L) >>> 32) & mask;
  }
}
