package dev.kvasir.producer.client;

import dev.kvasir.producer.workload.Chains;
import java.util.BitSet;

/** Chains that begin by a schedule. */
final class ScheduledPacer implements Pacer {

  private final Pace.Open pace;
  private final Chains chains;
  private final Gate gate;
  private final int size;
  private final BitSet issued = new BitSet();
  private int next;
  private int pausing;

  /**
   * @param size requests of all chains
   */
  ScheduledPacer(Pace.Open pace, Chains chains, int size, Gate gate) {
    this.pace = pace;
    this.chains = chains;
    this.size = size;
    this.gate = gate;
  }

  @Override
  public void start() {
    long now = gate.nanos();
    while (next < pace.schedule().size()) {
      long due = dueNanos(next);
      if (due > now) {
        gate.after(due - now, this::start);
        return;
      }
      issue(chains.head(next++), due);
      now = gate.nanos();
    }
  }

  private long dueNanos(int chain) {
    return pace.zeroNanos() + pace.schedule().dueNanos(chain);
  }

  private void issue(int index, long dueNanos) {
    issued.set(index);
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
    return next < pace.schedule().size() || pausing > 0;
  }

  @Override
  public void stop() {
    while (next < pace.schedule().size()) {
      int head = chains.head(next);
      issued.set(head);
      gate.unsent(head, dueNanos(next++));
    }
    long now = gate.nanos();
    for (int index = issued.nextClearBit(0); index < size; index = issued.nextClearBit(index + 1)) {
      gate.unsent(index, now);
    }
  }
}
