package dev.kvasir.producer;

import dev.kvasir.event.RunFinished;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.search.Tally;

/**
 * A run that has ended.
 *
 * @param spec what it was to be
 * @param id its readable id
 * @param finished its last event
 * @param tally how many of its requests attained their limits
 */
public record RunResult(RunSpec spec, String id, RunFinished finished, Tally tally) {

  /** Whether it need not be made again. */
  boolean isSettled() {
    return isSettled(finished.getVerdict(), spec.strategy());
  }

  /**
   * Whether a run that ended so need not be made again. That a server failed which somebody else
   * runs says nothing of the strategy.
   */
  static boolean isSettled(Verdict verdict, Strategy strategy) {
    return switch (verdict) {
      case VALID, OVERLOADED -> true;
      case SERVER_FAILED -> !(strategy.target() instanceof Target.Remote);
      case CLIENT_LIMITED, LOSSY, CONTAMINATED, IMPLAUSIBLE, ABORTED, RETRACTED -> false;
    };
  }
}
