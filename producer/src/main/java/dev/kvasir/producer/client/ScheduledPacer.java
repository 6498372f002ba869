package dev.kvasir.producer.client;

import dev.kvasir.producer.workload.Chains;
import java.util.BitSet;
import java.util.PrimitiveIterator;

/** Chains that begin by a schedule. */
final class ScheduledPacer implements Pacer {

  private final Pace.Open pace;
  private final Chains chains;
  private final Gate gate;
  private final int size;
  private final PrimitiveIterator.OfLong times;
  private final BitSet issued = new BitSet();
  private int next;
  private long nextDueNanos;
  private int pausing;

  /**
   * @param size requests of all chains; of one play where they are sent over and over again
   */
  ScheduledPacer(Pace.Open pace, Chains chains, int size, Gate gate) {
    this.pace = pace;
    this.chains = chains;
    this.size = size;
    this.gate = gate;
    this.times = pace.schedule().dueNanos().iterator();
    read();
  }

  @Override
  public void start() {
    long now = gate.nanos();
    while (isLeft()) {
      long due = nextDueNanos;
      if (due > now) {
        gate.after(due - now, this::start);
        return;
      }
      issue(takeHead(), due);
      now = gate.nanos();
    }
  }

  private boolean isLeft() {
    return next < pace.schedule().size();
  }

  /** Takes the first request of the next chain; its due time is to be read before. */
  private int takeHead() {
    int head = chains.head(next++);
    read();
    return head;
  }

  private void read() {
    nextDueNanos = isLeft() ? pace.zeroNanos() + times.nextLong() : Long.MAX_VALUE;
  }

  private void issue(int index, long dueNanos) {
    if (!pace.endless()) {
      issued.set(index);
    }
    gate.due(index, dueNanos);
  }

  @Override
  public void ended(int index) {
    int follower = chains.next(index);
    if (follower == Chains.NONE) {
      return;
    }
    long due = gate.nanos() + pace.pauses().before(follower);
    pausing++;
    Pausing.until(
        due,
        gate,
        () -> {
          pausing--;
          issue(follower, due);
        });
  }

  @Override
  public boolean hasMore() {
    return isLeft() || pausing > 0;
  }

  @Override
  public void stop() {
    long now = gate.nanos();
    while (isLeft() && (nextDueNanos <= now || !pace.endless())) {
      long due = nextDueNanos;
      int head = takeHead();
      issued.set(head);
      gate.unsent(head, due);
    }
    if (pace.endless()) {
      return;
    }
    for (int index = issued.nextClearBit(0); index < size; index = issued.nextClearBit(index + 1)) {
      gate.unsent(index, now);
    }
  }
}
