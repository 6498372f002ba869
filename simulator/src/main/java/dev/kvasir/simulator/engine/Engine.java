package dev.kvasir.simulator.engine;

import java.util.Iterator;
import java.util.List;

/**
 * A serving engine, one step at a time. The caller alternates {@link #begin} and {@link #complete},
 * and owns the clock: the same calls with the same times always tell the same events. One thread at
 * a time may use an engine.
 */
public final class Engine {
  /** What {@link #begin} answers when there is nothing to compute. */
  public static final long IDLE = Long.MAX_VALUE;

  private final Profile profile;
  private final EngineEvents events;
  private final BlockPool pool;
  private final Scheduler scheduler;
  private long nextId;
  private boolean inStep;
  private long stepEndNanos;
  private long frontEndFreeNanos = Long.MIN_VALUE;
  private long promptTokens;
  private long generatedTokens;
  private long steps;

  public Engine(Profile profile, EngineEvents events) {
    this.profile = profile;
    this.events = events;
    this.pool = new BlockPool(profile.kv().blocks(), profile.kv().prefixCache());
    this.scheduler = new Scheduler(profile, pool, events);
  }

  /**
   * Queues a request and returns its id.
   *
   * @throws IllegalArgumentException if prompt and output are longer than the model's context
   */
  public long submit(Work work) {
    long length = (long) work.prompt().length + work.outputTokens();
    if (length > profile.model().maxContext()) {
      throw new IllegalArgumentException(
          "%d prompt and %d output tokens asked for; expected at most %d together"
              .formatted(work.prompt().length, work.outputTokens(), profile.model().maxContext()));
    }
    Sequence sequence = new Sequence(nextId++, work, profile.kv().blockTokens());
    scheduler.waiting().addLast(sequence);
    return sequence.id;
  }

  /** Forgets a request and frees its blocks; false if it is not here (any more). */
  public boolean abort(long id) {
    return abortIn(scheduler.running().iterator(), id)
        || abortIn(scheduler.waiting().iterator(), id);
  }

  /**
   * Begins a step at {@code nowNanos}, or, with nothing running, when the first request in the
   * queue arrived if that is later.
   *
   * @return when the step ends, or {@link #IDLE}
   */
  public long begin(long nowNanos) {
    if (inStep) {
      throw new IllegalStateException("a step is in flight; expected complete() before begin()");
    }
    long start = nowNanos;
    Sequence first = scheduler.waiting().peekFirst();
    if (scheduler.running().isEmpty() && first != null) {
      start = Math.max(start, first.arrivedNanos);
    }
    StepLoad load = scheduler.plan(start);
    if (load.tokens() == 0) {
      return IDLE;
    }
    inStep = true;
    stepEndNanos = start + load.nanos(profile.cost());
    return stepEndNanos;
  }

  /** Ends the step in flight and tells what it produced. */
  public void complete() {
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

  /** Makes no block findable by its prefix; what runs is not disturbed. */
  public void resetPrefixCache() {
    pool.forgetPrefixes();
  }

  public EngineState state() {
    return new EngineState(
        scheduler.running().size(),
        scheduler.waiting().size(),
        pool.size() - pool.free(),
        pool.size(),
        scheduler.prefixQueries(),
        scheduler.prefixHits(),
        scheduler.preemptions(),
        promptTokens,
        generatedTokens,
        steps);
  }

  BlockPool pool() {
    return pool;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  private void advance(Sequence sequence) {
    if (sequence.scheduled == 0) {
      return;
    }
    sequence.computed += sequence.scheduled;
    sequence.scheduled = 0;
    sequence.publish(pool);
    if (sequence.uncomputed() > 0) {
      return;
    }
    if (sequence.generated == 0) {
      promptTokens += sequence.promptTokens;
    }
    int index = sequence.generated;
    sequence.generate();
    generatedTokens++;
    long intended = leavesNanos();
    events.produced(sequence.id, index, 1, intended);
    if (sequence.finished()) {
      events.finished(sequence.id, intended);
    }
  }

  /** When the front end is through with one more output of the step that just ended. */
  private long leavesNanos() {
    frontEndFreeNanos =
        Math.max(frontEndFreeNanos, stepEndNanos) + Math.round(profile.output().perToken());
    return frontEndFreeNanos;
  }

  private boolean abortIn(Iterator<Sequence> sequences, long id) {
    while (sequences.hasNext()) {
      Sequence sequence = sequences.next();
      if (sequence.id == id) {
        sequences.remove();
        sequence.releaseBlocks(pool);
        return true;
      }
    }
    return false;
  }
}
