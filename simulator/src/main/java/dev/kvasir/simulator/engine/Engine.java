package dev.kvasir.simulator.engine;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A serving engine, one step at a time. The caller alternates {@link #begin} and {@link #complete},
 * and owns the clock: the same calls with the same times always tell the same events. One thread at
 * a time may use an engine.
 */
final class Engine {
  /** What {@link #begin} answers when there is nothing to compute. */
  static final long IDLE = Long.MAX_VALUE;

  private final Profile profile;
  private final EngineEvents events;
  private final BlockPool pool;
  private final TierStack tiers;
  private final Scheduler scheduler;
  private final FrontEnd frontEnd;
  private long nextId;
  private boolean inStep;
  private long stepEndNanos;
  private long promptTokens;
  private long computedPromptTokens;
  private long transferredPromptTokens;
  private long generatedTokens;
  private long steps;
  private double attentionNanos;
  private double otherNanos;
  private double transferNanos;
  private double stallNanos;

  Engine(Profile profile, EngineEvents events) {
    this(profile, events, new FrontEnd(profile.output().perToken()));
  }

  /**
   * @param frontEnd what its outputs leave through, perhaps with those of other engines
   */
  Engine(Profile profile, EngineEvents events, FrontEnd frontEnd) {
    this.profile = profile;
    this.events = events;
    this.frontEnd = frontEnd;
    this.pool = new BlockPool(profile.kv().blocks(), profile.kv().prefixCache());
    this.tiers = new TierStack(profile);
    this.scheduler = new Scheduler(profile, pool, tiers, events);
    if (tiers.keepsWhatIsEvicted()) {
      pool.onEviction(prefix -> tiers.evictedFromGpu(prefix, stepEndNanos));
    }
  }

  /**
   * Queues a request and returns its id.
   *
   * @throws IllegalArgumentException if prompt and output are longer than the model's context
   */
  long submit(Work work) {
    return submit(nextId++, work, null);
  }

  /** Queues a request whose KV another engine may have computed. */
  long submit(long id, Work work, @Nullable DoubleUnaryOperator handover) {
    long length = (long) work.prompt().length() + work.outputTokens();
    if (length > profile.model().maxContext()) {
      throw new IllegalArgumentException(
          "%d prompt and %d output tokens asked for; expected at most %d together"
              .formatted(
                  work.prompt().length(), work.outputTokens(), profile.model().maxContext()));
    }
    scheduler
        .waiting()
        .addLast(
            new Sequence(
                id, work, profile.kv().blockTokens(), profile.tiers().below().size(), handover));
    return id;
  }

  /** Forgets a request and frees its blocks; false if it is not here (any more). */
  boolean abort(long id) {
    return scheduler.remove(id);
  }

  /**
   * Begins a step at {@code nowNanos}, or, with nothing running, when the first request in the
   * queue arrived if that is later.
   *
   * @return when the step ends, or {@link #IDLE}
   */
  long begin(long nowNanos) {
    if (inStep) {
      throw new IllegalStateException("a step is in flight; expected complete() before begin()");
    }
    long start = nowNanos;
    Sequence first = scheduler.waiting().peekFirst();
    if (scheduler.running().isEmpty() && scheduler.loading().isEmpty() && first != null) {
      start = Math.max(start, first.arrivedNanos);
    }
    StepLoad load = scheduler.plan(start);
    if (load.tokens() == 0) {
      return IDLE;
    }
    inStep = true;
    stepEndNanos = start + duration(load, start);
    return stepEndNanos;
  }

  /** When a request that waits for its KV has it, so that it is time to {@link #begin}. */
  long nextReadyNanos() {
    return scheduler.nextReadyNanos();
  }

  /** Ends the step in flight and tells what it produced. */
  void complete() {
    if (!inStep) {
      throw new IllegalStateException("no step is in flight; expected begin() before complete()");
    }
    inStep = false;
    steps++;
    List<Sequence> running = scheduler.running();
    int kept = 0;
    for (int i = 0; i < running.size(); i++) {
      Sequence sequence = running.get(i);
      advance(sequence);
      if (sequence.finished()) {
        sequence.releaseBlocks(pool);
      } else {
        running.set(kept++, sequence);
      }
    }
    running.subList(kept, running.size()).clear();
  }

  /** Makes no KV findable by its prefix, wherever it lies; what runs is not disturbed. */
  void resetPrefixCache() {
    pool.forgetPrefixes();
    tiers.clear();
  }

  /** Takes a share of the blocks, 0 to 1, away; at least one whole request always fits. */
  void press(double share) {
    int needed = Math.ceilDiv(profile.model().maxContext(), profile.kv().blockTokens());
    int most = pool.size() - Math.min(pool.size(), needed);
    scheduler.withhold((int) Math.min(most, Math.round(share * pool.size())));
  }

  EngineState state() {
    return new EngineState(
        scheduler.running().size(),
        scheduler.waiting().size() + scheduler.loading().size(),
        pool.size() - pool.free() - scheduler.withheld(),
        pool.size(),
        scheduler.prefixQueries(),
        scheduler.prefixHits(),
        scheduler.tierQueries(),
        scheduler.preemptions(),
        promptTokens,
        computedPromptTokens,
        transferredPromptTokens,
        generatedTokens,
        steps,
        attentionNanos,
        otherNanos,
        transferNanos,
        stallNanos,
        tiers.states());
  }

  /** Requests that are here, in whatever state. */
  int size() {
    return scheduler.running().size() + scheduler.waiting().size() + scheduler.loading().size();
  }

  BlockPool pool() {
    return pool;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /** At least 1 ns, and what it is made of added to the sums. */
  private long duration(StepLoad load, long start) {
    double stall = load.stallNanos + (tiers.isEmpty() ? 0 : tiers.backlogNanos(start));
    double attention = load.attentionNanos(profile.cost());
    double other = load.otherNanos(profile.cost());
    double computing = Math.max(start + stall, load.blockedUntil);
    double end = Math.max(computing + attention + other, load.layersUntil);
    stallNanos += stall;
    attentionNanos += attention;
    otherNanos += other;
    transferNanos += Math.max(0, end - start - stall - attention - other);
    return Math.max(1, Math.round(end - start));
  }

  private void advance(Sequence sequence) {
    if (sequence.scheduled == 0) {
      return;
    }
    sequence.computed += sequence.scheduled;
    sequence.scheduled = 0;
    if (profile.kv().prefixCache()) {
      sequence.publish(pool);
    }
    if (!tiers.isEmpty() && sequence.handover == null) {
      tiers.store(sequence, stepEndNanos);
    }
    if (sequence.uncomputed() > 0) {
      return;
    }
    if (sequence.generated == 0) {
      count(sequence);
    }
    sequence.generated++;
    generatedTokens++;
    tell(sequence);
  }

  private void count(Sequence sequence) {
    int found = 0;
    for (int i = 0; i + 1 < sequence.reuse.length; i++) {
      found += sequence.reuse[i];
    }
    int brought = sequence.reuse[sequence.reuse.length - 1];
    promptTokens += sequence.promptTokens;
    transferredPromptTokens += brought;
    computedPromptTokens += Math.max(0, sequence.promptTokens - found - brought);
  }

  private void tell(Sequence sequence) {
    int untold = sequence.generated - sequence.told;
    boolean due = sequence.told == 0 || untold == profile.output().tokensPerEvent();
    if (!due && !sequence.finished()) {
      return;
    }
    long intended = frontEnd.leavesNanos(stepEndNanos);
    events.produced(sequence.id, sequence.told, untold, intended);
    sequence.told = sequence.generated;
    if (sequence.finished()) {
      events.finished(sequence.id, intended);
    }
  }
}
