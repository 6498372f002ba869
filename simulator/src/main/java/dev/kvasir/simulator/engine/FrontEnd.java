package dev.kvasir.simulator.engine;

/** The one process that turns outputs into events, one after the other. */
final class FrontEnd {
  private final double perOutputNanos;
  private long freeNanos = Long.MIN_VALUE;

  FrontEnd(double perOutputNanos) {
    this.perOutputNanos = perOutputNanos;
  }

  /** When it is through with one more output, which was ready at {@code readyNanos}. */
  long leavesNanos(long readyNanos) {
    freeNanos = Math.max(freeNanos, readyNanos) + Math.round(perOutputNanos);
    return freeNanos;
  }
}
