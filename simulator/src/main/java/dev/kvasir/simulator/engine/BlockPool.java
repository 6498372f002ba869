package dev.kvasir.simulator.engine;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The KV blocks of GPU memory. A block is held by one or more sequences or it is free; a free block
 * keeps its content, and can be found by its prefix, until it is taken for something else. Free
 * blocks are taken least recently used first, after those that hold nothing worth finding.
 */
final class BlockPool {
  private static final int NONE = -1;

  private final boolean prefixCache;
  private final int[] holders;
  private final long[] hashes;
  private final boolean[] findable;
  private final PrefixIndex byHash;
  private LongConsumer evictions = _ -> {};

  /** The free blocks as a doubly linked list; index {@code holders.length} is its anchor. */
  private final int[] next;

  private final int[] previous;
  private final int anchor;
  private int free;
  private long releases;

  BlockPool(int blocks, boolean prefixCache) {
    this.prefixCache = prefixCache;
    holders = new int[blocks];
    hashes = new long[blocks];
    byHash = new PrefixIndex(prefixCache ? Math.min(blocks, 1 << 16) : 0);
    findable = new boolean[blocks];
    next = new int[blocks + 1];
    previous = new int[blocks + 1];
    anchor = blocks;
    Arrays.fill(next, NONE);
    next[anchor] = anchor;
    previous[anchor] = anchor;
    for (int block = 0; block < blocks; block++) {
      insertAfter(previous[anchor], block);
    }
  }

  /** Says who hears of each prefix that is forgotten because its block is needed. */
  void onEviction(LongConsumer listener) {
    evictions = listener;
  }

  int size() {
    return holders.length;
  }

  int free() {
    return free;
  }

  /** Counts up whenever a block becomes free. */
  long releases() {
    return releases;
  }

  int holders(int block) {
    return holders[block];
  }

  /** How many of the first {@code count} blocks, from the first on without a gap, are present. */
  int presentPrefix(long[] prefixes, int count) {
    int present = 0;
    while (present < count && byHash.get(prefixes[present]) != NONE) {
      present++;
    }
    return present;
  }

  /** How many of the first {@code count} blocks, all present, are free. */
  int freeAmong(long[] prefixes, int count) {
    int freeBlocks = 0;
    for (int i = 0; i < count; i++) {
      if (holders[byHash.get(prefixes[i])] == 0) {
        freeBlocks++;
      }
    }
    return freeBlocks;
  }

  /** Holds a present block for one more sequence. */
  int share(long prefix) {
    int block = byHash.get(prefix);
    if (holders[block]++ == 0) {
      unlink(block);
    }
    return block;
  }

  /** Takes a free block, forgetting what it held. */
  int take() {
    int block = next[anchor];
    if (block == anchor) {
      throw new IllegalStateException("no free block; expected the caller to have made room");
    }
    unlink(block);
    forget(block);
    holders[block] = 1;
    return block;
  }

  void release(int block) {
    if (--holders[block] > 0) {
      return;
    }
    releases++;
    insertAfter(findable[block] ? previous[anchor] : anchor, block);
  }

  /** Makes a held, full block findable; of two blocks with one prefix the first stays findable. */
  void publish(int block, long prefix) {
    if (!prefixCache || !byHash.putIfAbsent(prefix, block)) {
      return;
    }
    hashes[block] = prefix;
    findable[block] = true;
  }

  /** Makes every block unfindable, also those that are held. */
  void forgetPrefixes() {
    byHash.clear();
    Arrays.fill(findable, false);
  }

  private void forget(int block) {
    if (findable[block]) {
      byHash.remove(hashes[block]);
      findable[block] = false;
      evictions.accept(hashes[block]);
    }
  }

  private void insertAfter(int place, int block) {
    next[block] = next[place];
    previous[block] = place;
    previous[next[place]] = block;
    next[place] = block;
    free++;
  }

  private void unlink(int block) {
    next[previous[block]] = next[block];
    previous[next[block]] = previous[block];
    next[block] = NONE;
    free--;
  }
}
