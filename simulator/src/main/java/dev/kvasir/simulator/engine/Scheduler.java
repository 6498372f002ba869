package dev.kvasir.simulator.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what each step computes: running sequences first, in the order in which they were
 * admitted, then the queue, first come first served, while the token budget, the sequence limit and
 * the free blocks last. A running sequence that needs a block when none is free sends the latest
 * running one back to the head of the queue, to be computed again.
 */
final class Scheduler {
  private final Profile profile;
  private final BlockPool pool;
  private final EngineEvents events;
  private final List<Sequence> running = new ArrayList<>();
  private final ArrayDeque<Sequence> waiting = new ArrayDeque<>();
  private final StepLoad load = new StepLoad();
  private long prefixQueries;
  private long prefixHits;
  private long preemptions;

  Scheduler(Profile profile, BlockPool pool, EngineEvents events) {
    this.profile = profile;
    this.pool = pool;
    this.events = events;
  }

  /** In the order of admission; the caller may remove what has finished. */
  List<Sequence> running() {
    return running;
  }

  ArrayDeque<Sequence> waiting() {
    return waiting;
  }

  long prefixQueries() {
    return prefixQueries;
  }

  long prefixHits() {
    return prefixHits;
  }

  long preemptions() {
    return preemptions;
  }

  /** Chooses the step that begins at {@code nowNanos}; its load is empty if there is none. */
  StepLoad plan(long nowNanos) {
    load.clear();
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
    victim.releaseBlocks(pool);
    waiting.addFirst(victim);
    preemptions++;
    return victim;
  }

  private void admitWaiting(int budget, long nowNanos) {
    int left = budget;
    while (left > 0 && running.size() < profile.scheduler().maxSequences()) {
      Sequence sequence = waiting.peekFirst();
      if (sequence == null || sequence.arrivedNanos > nowNanos || !takeWholeContext(sequence)) {
        return;
      }
      waiting.removeFirst();
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
  private boolean takeWholeContext(Sequence sequence) {
    int findable =
        Math.min(sequence.fullBlocks(), (sequence.tokens() - 1) / profile.kv().blockTokens());
    int present = pool.presentPrefix(sequence.blockHashes(), findable);
    int lacking = sequence.blocksLacking(sequence.tokens()) - present;
    if (lacking > pool.free() - pool.freeAmong(sequence.blockHashes(), present)) {
      return false;
    }
    for (int i = 0; i < present; i++) {
      sequence.hold(pool.share(sequence.blockHashes()[i]));
    }
    sequence.foundCached(present);
    takeBlocks(sequence, lacking);
    return true;
  }

  private void announce(Sequence sequence, long nowNanos) {
    if (sequence.admitted) {
      return;
    }
    sequence.admitted = true;
    if (profile.kv().prefixCache()) {
      prefixQueries += sequence.promptTokens;
      prefixHits += sequence.computed;
    }
    events.admitted(sequence.id, sequence.computed, nowNanos);
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
