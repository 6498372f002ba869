package dev.kvasir.producer;

import dev.kvasir.event.RunFinished;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.RunSpec;
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

  /** Whether a run that ended so need not be made again. */
  static boolean isSettled(Verdict verdict) {
    return switch (verdict) {
      case VALID, OVERLOADED, SERVER_FAILED -> true;
      case CLIENT_LIMITED, LOSSY, CONTAMINATED, IMPLAUSIBLE, ABORTED, RETRACTED -> false;
    };
  }
}
