package dev.kvasir.producer.client;

/** Waiting that costs nothing when there is nothing to wait for. */
final class Pausing {

  private Pausing() {}

  /** Runs a task at a time, at once if that has come. */
  static void until(long atNanos, Pacer.Gate gate, Runnable task) {
    long left = atNanos - gate.nanos();
    if (left > 0) {
      gate.after(left, task);
    } else {
      task.run();
    }
  }
}
