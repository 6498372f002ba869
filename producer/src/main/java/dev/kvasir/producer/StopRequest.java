package dev.kvasir.producer;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Whether a plan is to end before its time, and why. Thread-safe. */
final class StopRequest implements BooleanSupplier {

  private volatile List<String> reasons = List.of();
  private volatile boolean made;

  /**
   * Asks for the end.
   *
   * @param why one sentence each; empty when a user asks, who knows
   */
  void make(List<String> why) {
    if (!made) {
      reasons = List.copyOf(why);
      made = true;
    }
  }

  @Override
  public boolean getAsBoolean() {
    return made;
  }

  /** Why, one sentence each. */
  List<String> reasons() {
    return reasons;
  }
}
