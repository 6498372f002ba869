package dev.kvasir.simulator.replay;

import dev.kvasir.simulator.engine.Reuse;
import dev.kvasir.simulator.engine.Work;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request; times are nanoseconds since the run began, −1 until they are known.
 * Owned by the run that plays it.
 */
public final class Fate {
  private final int ordinal;
  private final Work work;
  private @Nullable Reuse reuse;
  private long admittedNanos = -1;
  private long firstTokenNanos = -1;
  private long lastTokenNanos = -1;
  private long longestGapNanos;

  Fate(int ordinal, Work work) {
    this.ordinal = ordinal;
    this.work = work;
  }

  void admitted(Reuse found, long atNanos) {
    reuse = found;
    admittedNanos = atNanos;
  }

  void produced(long atNanos) {
    if (firstTokenNanos < 0) {
      firstTokenNanos = atNanos;
    } else {
      longestGapNanos = Math.max(longestGapNanos, atNanos - lastTokenNanos);
    }
    lastTokenNanos = atNanos;
  }

  /** Its place in the schedule, from 0. */
  public int ordinal() {
    return ordinal;
  }

  public Work work() {
    return work;
  }

  /** Null if it was never admitted. */
  public @Nullable Reuse reuse() {
    return reuse;
  }

  public long admittedNanos() {
    return admittedNanos;
  }

  public long firstTokenNanos() {
    return firstTokenNanos;
  }

  public long lastTokenNanos() {
    return lastTokenNanos;
  }

  public boolean answered() {
    return firstTokenNanos >= 0;
  }

  /** Time to the first token. */
  public long ttftNanos() {
    return firstTokenNanos - work.arrivedNanos();
  }

  /** Mean time of a token after the first one; 0 if there is none. */
  public double tpotNanos() {
    int later = work.outputTokens() - 1;
    return later == 0 ? 0 : (double) (lastTokenNanos - firstTokenNanos) / later;
  }

  /** The longest time between two outputs. */
  public long longestGapNanos() {
    return longestGapNanos;
  }
}
