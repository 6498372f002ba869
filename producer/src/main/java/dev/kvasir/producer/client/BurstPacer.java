package dev.kvasir.producer.client;

import dev.kvasir.producer.workload.Chains;
import java.util.Arrays;

/** Rounds of requests that are due together. */
final class BurstPacer implements Pacer {

  private final Pace.Bursts pace;
  private final Chains chains;
  private final Gate gate;

  /** What each place of the round under way sends; nothing at first. */
  private final int[] places;

  private int nextChain;
  private int open;
  private boolean pausing;

  BurstPacer(Pace.Bursts pace, Chains chains, Gate gate) {
    this.pace = pace;
    this.chains = chains;
    this.gate = gate;
    this.places = new int[Math.min(pace.size(), chains.count())];
    Arrays.fill(places, Chains.NONE);
  }

  @Override
  public void start() {
    long due = advance(gate.nanos(), false);
    issue(due);
  }

  /** Moves every place to its next request; when the round is due. */
  private long advance(long now, boolean isLater) {
    long longest = 0;
    for (int place = 0; place < places.length; place++) {
      places[place] = next(places[place]);
      if (isLater && places[place] != Chains.NONE) {
        longest = Math.max(longest, pace.pauses().before(places[place]));
      }
    }
    return now + longest;
  }

  private int next(int index) {
    int follower = index == Chains.NONE ? Chains.NONE : chains.next(index);
    if (follower != Chains.NONE) {
      return follower;
    }
    return nextChain < chains.count() ? chains.head(nextChain++) : Chains.NONE;
  }

  private void issue(long dueNanos) {
    open = (int) Arrays.stream(places).filter(index -> index != Chains.NONE).count();
    for (int index : places.clone()) {
      if (index != Chains.NONE) {
        gate.due(index, dueNanos);
      }
    }
  }

  @Override
  public void ended(int index) {
    if (--open > 0) {
      return;
    }
    long due = advance(gate.nanos(), true);
    if (Arrays.stream(places).allMatch(place -> place == Chains.NONE)) {
      return;
    }
    pausing = true;
    Pausing.until(
        due,
        gate,
        () -> {
          pausing = false;
          issue(due);
        });
  }

  @Override
  public boolean hasMore() {
    return pausing;
  }

  @Override
  public void stop() {
    // Nothing is due unless an answer makes it so.
  }
}
