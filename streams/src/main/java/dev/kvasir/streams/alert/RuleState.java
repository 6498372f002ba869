package dev.kvasir.streams.alert;

/**
 * How a rule stands. It changes only when its condition, or the lack of it, has held long enough.
 */
sealed interface RuleState {

  /** The condition does not hold. */
  record Quiet() implements RuleState {}

  /**
   * The condition holds, not yet for long enough.
   *
   * @param since epoch nanoseconds
   */
  record Pending(long since) implements RuleState {}

  /** The alert is raised and the condition holds. */
  record Raised() implements RuleState {}

  /**
   * The alert is raised and the condition holds no more, not yet for long enough.
   *
   * @param since epoch nanoseconds
   */
  record Calming(long since) implements RuleState {}

  /** Whether the alert is raised. */
  default boolean raised() {
    return switch (this) {
      case Quiet() -> false;
      case Pending(long since) -> false;
      case Raised() -> true;
      case Calming(long since) -> true;
    };
  }

  /**
   * The state after one more observation.
   *
   * @param holds whether the condition holds
   * @param at epoch nanoseconds of the observation
   * @param raiseAfter how long the condition must hold to raise the alert, nanoseconds
   * @param clearAfter how long it must not hold to clear the alert, nanoseconds
   */
  default RuleState then(boolean holds, long at, long raiseAfter, long clearAfter) {
    return switch (this) {
      case Quiet() -> holds ? raisedOrPending(at, at, raiseAfter) : this;
      case Pending(long since) -> holds ? raisedOrPending(since, at, raiseAfter) : new Quiet();
      case Raised() -> holds ? this : quietOrCalming(at, at, clearAfter);
      case Calming(long since) -> holds ? new Raised() : quietOrCalming(since, at, clearAfter);
    };
  }

  private static RuleState raisedOrPending(long since, long at, long raiseAfter) {
    return at - since >= raiseAfter ? new Raised() : new Pending(since);
  }

  private static RuleState quietOrCalming(long since, long at, long clearAfter) {
    return at - since >= clearAfter ? new Quiet() : new Calming(since);
  }
}
