package dev.kvasir.producer;

import dev.kvasir.event.Phase;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * Marks once that a run's load is over and only answers are waited for: when the last of its
 * requests has left or can no longer leave, or when the time of a load that lasts so long is over.
 * Thread-safe, but for {@link #add}, which one thread calls at a time.
 */
final class CoolDown {

  private final long run;
  private final int passes;
  private final Consumer<PhaseStarted> events;
  private final AtomicBoolean begun = new AtomicBoolean();
  private long left;

  /**
   * @param passes passes of the run
   * @param requests measured requests of all passes; {@link Long#MAX_VALUE} where time decides
   * @param events takes the mark
   */
  CoolDown(long run, int passes, long requests, Consumer<PhaseStarted> events) {
    this.run = run;
    this.passes = passes;
    this.left = requests;
    this.events = events;
  }

  /** Takes an event of the run. */
  void add(SpecificRecord event) {
    switch (event) {
      case RequestSent sent when sent.getPhase() == Phase.MEASURE -> count(sent.getAt());
      case RequestFinished end when end.getPhase() == Phase.MEASURE && end.getSentAt() == null ->
          count(end.getAt());
      default -> {}
    }
  }

  private void count(long at) {
    left--;
    if (left == 0) {
      begin(at);
    }
  }

  /**
   * Marks it, unless it was marked before.
   *
   * @param at epoch nanoseconds
   */
  void begin(long at) {
    if (begun.compareAndSet(false, true)) {
      events.accept(new PhaseStarted(run, at, Phase.COOL_DOWN, passes));
    }
  }
}
