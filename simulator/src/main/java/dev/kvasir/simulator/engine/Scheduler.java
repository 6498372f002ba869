package dev.kvasir.simulator.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Decides what each step computes: running sequences first, in the order in which they were
 * admitted, then the queue, first come first served, while the token budget, the sequence limit and
 * the free blocks last. A running sequence that needs a block when none is free sends the latest
 * running one back to the head of the queue, to be computed again or swapped in.
 */
final class Scheduler {
  private static final long NEVER = -1;

  private final Profile profile;
  private final BlockPool pool;
  private final TierStack tiers;
  private final EngineEvents events;
  private final List<Sequence> running = new ArrayList<>();
  private final ArrayDeque<Sequence> loading = new ArrayDeque<>();
  private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
  private final List<Integer> withheld = new ArrayList<>();
  private final StepLoad load = new StepLoad();
  private final boolean hashing;
  private int withhold;
  private double swappedBytes;
  private long blockedSince = NEVER;
  private long prefixQueries;
  private long prefixHits;
  private long tierQueries;
  private long preemptions;

  Scheduler(Profile profile, BlockPool pool, TierStack tiers, EngineEvents events) {
    this.profile = profile;
    this.pool = pool;
    this.tiers = tiers;
    this.events = events;
    this.hashing = profile.kv().prefixCache() || !tiers.isEmpty();
  }

  /** In the order of admission; the caller may remove what has finished. */
  List<Sequence> running() {
    return running;
  }

  /** What holds blocks and waits for its KV. */
  ArrayDeque<Sequence> loading() {
    return loading;
  }

  ArrayDeque<Sequence> waiting() {
    return waiting;
  }

  /** Blocks that nobody may have. */
  int withheld() {
    return withheld.size();
  }

  long prefixQueries() {
    return prefixQueries;
  }

  long prefixHits() {
    return prefixHits;
  }

  long tierQueries() {
    return tierQueries;
  }

  long preemptions() {
    return preemptions;
  }

  /** Says how many blocks nobody may have from now on; those in use follow as they become free. */
  void withhold(int blocks) {
    withhold = blocks;
  }

  /** When the first of those that wait for their KV has it; {@link Engine#IDLE} for none. */
  long nextReadyNanos() {
    double next = Double.MAX_VALUE;
    for (Sequence sequence : loading) {
      next = Math.min(next, sequence.readyNanos);
    }
    return loading.isEmpty() ? Engine.IDLE : (long) Math.ceil(next);
  }

  /** Chooses the step that begins at {@code nowNanos}; its load is empty if there is none. */
  StepLoad plan(long nowNanos) {
    load.clear();
    withholdBlocks();
    takeBackLoaded(nowNanos);
    int budget = profile.scheduler().maxStepTokens();
    long preemptionsBefore = preemptions;
    for (int i = 0; i < running.size() && budget > 0; i++) {
      budget -= continueRunning(running.get(i), budget);
    }
    if (preemptions == preemptionsBefore) {
      admitWaiting(budget, nowNanos);
    }
    return load;
  }

  /** Forgets a sequence wherever it is; false if it is nowhere. */
  boolean remove(long id) {
    return removeFrom(running.iterator(), id)
        || removeFrom(loading.iterator(), id)
        || removeFrom(waiting.iterator(), id);
  }

  private boolean removeFrom(Iterator<Sequence> sequences, long id) {
    while (sequences.hasNext()) {
      Sequence sequence = sequences.next();
      if (sequence.id == id) {
        sequences.remove();
        sequence.releaseBlocks(pool);
        swapIn(sequence);
        blockedSince = NEVER;
        return true;
      }
    }
    return false;
  }

  private void withholdBlocks() {
    while (withheld.size() > withhold) {
      pool.release(withheld.removeLast());
    }
    while (withheld.size() < withhold && pool.free() > 0) {
      withheld.add(pool.take());
    }
  }

  private void takeBackLoaded(long nowNanos) {
    Iterator<Sequence> each = loading.iterator();
    while (each.hasNext()) {
      Sequence sequence = each.next();
      if (sequence.readyNanos <= nowNanos) {
        each.remove();
        running.add(sequence);
        announce(sequence, nowNanos);
      }
    }
  }

  private int continueRunning(Sequence sequence, int budget) {
    int chunk = Math.min(sequence.uncomputed(), budget);
    int lacking = sequence.blocksLacking(sequence.computed + chunk);
    while (pool.free() < lacking) {
      if (preemptLast() == sequence) {
        return 0;
      }
    }
    takeBlocks(sequence, lacking);
    schedule(sequence, chunk);
    return chunk;
  }

  private Sequence preemptLast() {
    Sequence victim = running.removeLast();
    int computed = victim.computed;
    double bytes = computed * profile.tiers().bytesPerToken();
    victim.releaseBlocks(pool);
    if (swappedBytes + bytes <= profile.scheduler().swapBytes()) {
      swappedBytes += bytes;
      victim.swapped = computed;
      load.stallNanos += bytes / profile.scheduler().swapBandwidth();
    }
    waiting.addFirst(victim);
    preemptions++;
    return victim;
  }

  private void admitWaiting(int budget, long nowNanos) {
    int left = budget;
    while (left > 0 && running.size() + loading.size() < profile.scheduler().maxSequences()) {
      Sequence sequence = waiting.peekFirst();
      if (sequence == null
          || sequence.arrivedNanos > nowNanos
          || blockedSince == pool.releases()
          || !takeWholeContext(sequence, nowNanos)) {
        return;
      }
      waiting.removeFirst();
      if (sequence.readyNanos > nowNanos) {
        loading.add(sequence);
        continue;
      }
      running.add(sequence);
      announce(sequence, nowNanos);
      int chunk = Math.min(sequence.uncomputed(), left);
      schedule(sequence, chunk);
      left -= chunk;
    }
  }

  /**
   * Takes the blocks of everything that the sequence consists of, those in the prefix cache first;
   * takes nothing if they do not all fit. At least one token is left to compute.
   */
  private boolean takeWholeContext(Sequence sequence, long nowNanos) {
    boolean looks = hashing && sequence.swapped == 0 && sequence.handover == null;
    int present = looks ? presentBlocks(sequence) : 0;
    int lacking = sequence.blocksLacking(sequence.tokens()) - present;
    if (lacking > pool.free() - pool.freeAmong(sequence.blockHashes(), present)) {
      blockedSince = pool.releases();
      return false;
    }
    blockedSince = NEVER;
    for (int i = 0; i < present; i++) {
      sequence.hold(pool.share(sequence.blockHashes()[i]));
    }
    takeBlocks(sequence, lacking);
    int blockTokens = profile.kv().blockTokens();
    sequence.found(present * blockTokens, present);
    sequence.readyNanos = 0;
    if (sequence.handover != null && sequence.generated == 0) {
      takeOver(sequence, sequence.handover, nowNanos);
    } else if (sequence.swapped > 0) {
      double bytes = swapIn(sequence);
      load.stallNanos += bytes / profile.scheduler().swapBandwidth();
    } else if (!tiers.isEmpty()) {
      loadFromTiers(sequence, present, nowNanos);
    }
    return true;
  }

  private int presentBlocks(Sequence sequence) {
    sequence.hash();
    int findable =
        Math.min(sequence.fullBlocks(), (sequence.tokens() - 1) / profile.kv().blockTokens());
    return pool.presentPrefix(sequence.blockHashes(), findable);
  }

  private void takeOver(Sequence sequence, DoubleUnaryOperator handover, long nowNanos) {
    int brought = sequence.promptTokens - 1;
    sequence.found(brought, 0);
    sequence.reuse[0] = 0;
    sequence.reuse[sequence.reuse.length - 1] = brought;
    sequence.readyNanos = handover.applyAsDouble((double) nowNanos);
  }

  /** Answers the bytes that were in swap memory. */
  private double swapIn(Sequence sequence) {
    double bytes = sequence.swapped * profile.tiers().bytesPerToken();
    swappedBytes -= bytes;
    if (sequence.swapped > 0) {
      sequence.found(sequence.swapped, 0);
      sequence.swapped = 0;
    }
    return bytes;
  }

  private void loadFromTiers(Sequence sequence, int present, long nowNanos) {
    int from = present * profile.kv().blockTokens();
    load.stallNanos += profile.tiers().lookup();
    TierStack.Loading found = tiers.load(sequence, from, nowNanos);
    if (found.tokens == 0) {
      return;
    }
    sequence.computed = Math.min(from + found.tokens, sequence.tokens() - 1);
    leaveOneToCompute(sequence, from + found.tokens - sequence.computed);
    if (found.asideUntil > nowNanos) {
      sequence.readyNanos =
          Math.max(found.asideUntil, Math.max(found.blockedUntil, found.layersUntil));
    } else {
      load.waitFor(found);
    }
  }

  /** What was read but has to be computed all the same was not reused. */
  private void leaveOneToCompute(Sequence sequence, int excess) {
    int left = excess;
    for (int i = sequence.reuse.length - 2; i > 0 && left > 0; i--) {
      int taken = Math.min(left, sequence.reuse[i]);
      sequence.reuse[i] -= taken;
      tiers.computedAnyway(i - 1, taken);
      left -= taken;
    }
  }

  private void announce(Sequence sequence, long nowNanos) {
    if (sequence.admitted) {
      return;
    }
    sequence.admitted = true;
    Reuse reuse = new Reuse(tiers.sources(), sequence.reuse.clone());
    if (profile.kv().prefixCache() && sequence.handover == null) {
      prefixQueries += sequence.promptTokens;
      prefixHits += sequence.reuse[0];
    }
    if (!tiers.isEmpty() && sequence.handover == null) {
      tierQueries += sequence.promptTokens - sequence.reuse[0];
    }
    events.admitted(sequence.id, reuse, nowNanos);
  }

  private void takeBlocks(Sequence sequence, int count) {
    for (int i = 0; i < count; i++) {
      sequence.hold(pool.take());
    }
  }

  private void schedule(Sequence sequence, int chunk) {
    if (sequence.decoding()) {
      load.decode(sequence.tokens());
    } else {
      load.prefill(sequence.computed, chunk);
    }
    sequence.scheduled = chunk;
  }
}
