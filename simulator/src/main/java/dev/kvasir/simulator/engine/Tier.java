package dev.kvasir.simulator.engine;

import java.util.Arrays;

/**
 * One tier of KV below GPU memory: which chunks it holds, least recently used first to go, and when
 * its line is free. A chunk is found once its writing has ended.
 */
final class Tier {
  /** Hears of a chunk that had to go. */
  interface Eviction {
    void evicted(long prefix, long nowNanos);
  }

  private final TierSettings settings;
  private final double chunkBytes;
  private final int capacity;
  private final Link reads;
  private final Link writes;
  private final PrefixIndex index;
  private Eviction eviction = (_, _) -> {};

  /** The chunks as a doubly linked list from the least recently used one; slot 0 is its anchor. */
  private long[] prefixes = new long[64];

  private double[] readyNanos = new double[64];
  private int[] next = new int[64];
  private int[] previous = new int[64];
  private int used = 1;
  private int freeSlot;
  private int size;
  private long hitTokens;
  private long evictions;
  private double readBytes;
  private double readTook;
  private double writtenBytes;
  private double writeTook;

  /**
   * @param bytesPerToken of KV in this tier, all copies together
   */
  Tier(TierSettings settings, double bytesPerToken) {
    this.settings = settings;
    this.chunkBytes = settings.chunkTokens() * bytesPerToken;
    this.capacity = (int) Math.min(1 << 28, settings.capacity() / chunkBytes);
    this.reads = new Link();
    this.writes = settings.duplex() ? new Link() : reads;
    this.index = new PrefixIndex(64);
  }

  void onEviction(Eviction listener) {
    eviction = listener;
  }

  TierSettings settings() {
    return settings;
  }

  /** Whether a chunk can be read at {@code nowNanos}. */
  boolean holds(long prefix, long nowNanos) {
    int slot = index.get(prefix);
    return slot != PrefixIndex.NONE && readyNanos[slot] <= nowNanos;
  }

  /** Reads chunks that are held; answers when they are in GPU memory. */
  double read(long nowNanos, int chunks, int tokens) {
    double bytes = chunks * chunkBytes;
    double took =
        bytes / settings.readBandwidth()
            + Math.ceilDiv(chunks, settings.concurrency()) * settings.latency();
    hitTokens += tokens;
    readBytes += bytes;
    readTook += took;
    return reads.occupy((double) nowNanos, took);
  }

  /** Says that tokens which were read are no hits. */
  void computedAnyway(int tokens) {
    hitTokens -= tokens;
  }

  /** Makes a held chunk the most recently used one. */
  void touch(long prefix) {
    int slot = index.get(prefix);
    if (slot != PrefixIndex.NONE) {
      unlink(slot);
      linkLast(slot);
    }
  }

  /** Writes a chunk unless it is here, making room for it. */
  void write(long prefix, long nowNanos) {
    if (capacity == 0) {
      return;
    }
    if (index.get(prefix) != PrefixIndex.NONE) {
      touch(prefix);
      return;
    }
    double took =
        chunkBytes / settings.writeBandwidth() + settings.latency() / settings.concurrency();
    writtenBytes += chunkBytes;
    writeTook += took;
    insert(prefix, writes.occupy((double) nowNanos, took), nowNanos);
  }

  /** Keeps a chunk that passes through on its way from a lower tier. */
  void keep(long prefix, long nowNanos) {
    if (capacity > 0 && index.get(prefix) == PrefixIndex.NONE) {
      insert(prefix, (double) nowNanos, nowNanos);
    }
  }

  /** How long computing has to wait so that no more than the buffer is still to be written. */
  double backlogNanos(long nowNanos) {
    double buffered = settings.writeBuffer() / settings.writeBandwidth();
    return Math.max(0, writes.freeNanos() - nowNanos - buffered);
  }

  void clear() {
    index.clear();
    used = 1;
    freeSlot = 0;
    size = 0;
    next[0] = 0;
    previous[0] = 0;
  }

  TierState state() {
    return new TierState(
        settings.name(),
        size * chunkBytes,
        capacity * chunkBytes,
        hitTokens,
        evictions,
        readBytes,
        readTook,
        writtenBytes,
        writeTook);
  }

  private void insert(long prefix, double ready, long nowNanos) {
    while (size >= capacity) {
      evictFirst(nowNanos);
    }
    int slot = newSlot();
    prefixes[slot] = prefix;
    readyNanos[slot] = ready;
    index.putIfAbsent(prefix, slot);
    linkLast(slot);
    size++;
  }

  private void evictFirst(long nowNanos) {
    int slot = next[0];
    long prefix = prefixes[slot];
    unlink(slot);
    index.remove(prefix);
    next[slot] = freeSlot;
    freeSlot = slot;
    size--;
    evictions++;
    eviction.evicted(prefix, nowNanos);
  }

  private int newSlot() {
    if (freeSlot != 0) {
      int slot = freeSlot;
      freeSlot = next[slot];
      return slot;
    }
    if (used == prefixes.length) {
      prefixes = Arrays.copyOf(prefixes, used * 2);
      readyNanos = Arrays.copyOf(readyNanos, used * 2);
      next = Arrays.copyOf(next, used * 2);
      previous = Arrays.copyOf(previous, used * 2);
    }
    return used++;
  }

  private void linkLast(int slot) {
    int last = previous[0];
    next[last] = slot;
    previous[slot] = last;
    next[slot] = 0;
    previous[0] = slot;
  }

  private void unlink(int slot) {
    next[previous[slot]] = next[slot];
    previous[next[slot]] = previous[slot];
  }
}
