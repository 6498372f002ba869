package dev.kvasir.producer.client;

import dev.kvasir.producer.workload.Chains;

/** Users who send one request after the other. */
final class UserPacer implements Pacer {

  private final Pace.Closed pace;
  private final Chains chains;
  private final Gate gate;
  private int nextChain;
  private int pausing;
  private long endNanos = Long.MAX_VALUE;
  private long earliestNanos = Long.MIN_VALUE;

  UserPacer(Pace.Closed pace, Chains chains, Gate gate) {
    this.pace = pace;
    this.chains = chains;
    this.gate = gate;
  }

  @Override
  public void start() {
    long now = gate.nanos();
    if (pace.lengthNanos() != null) {
      endNanos = now + pace.lengthNanos();
    }
    for (int user = 0; user < pace.concurrency(); user++) {
      issue(next(Chains.NONE), now);
    }
  }

  @Override
  public void ended(int index) {
    int next = next(index);
    if (next != Chains.NONE) {
      issue(next, gate.nanos() + pace.pauses().before(next));
    }
  }

  /** The next request of a user's session, or the first of a new one. */
  private int next(int index) {
    int follower = index == Chains.NONE ? Chains.NONE : chains.next(index);
    if (follower != Chains.NONE) {
      return follower;
    }
    boolean none = chains.count() == 0 || (!isEndless() && nextChain >= chains.count());
    return none ? Chains.NONE : chains.head(nextChain++);
  }

  private boolean isEndless() {
    return pace.lengthNanos() != null;
  }

  private void issue(int index, long wantedNanos) {
    if (index == Chains.NONE) {
      return;
    }
    long due = spaced(wantedNanos);
    if (due > endNanos) {
      return;
    }
    pausing++;
    Pausing.until(
        due,
        gate,
        () -> {
          pausing--;
          gate.due(index, due);
        });
  }

  private long spaced(long wantedNanos) {
    if (pace.gaps() == null) {
      return wantedNanos;
    }
    long due = Math.max(wantedNanos, earliestNanos);
    earliestNanos = due + pace.gaps().nextNanos();
    return due;
  }

  @Override
  public boolean hasMore() {
    return pausing > 0;
  }

  @Override
  public void stop() {
    // Nothing is due unless an answer makes it so.
  }
}
