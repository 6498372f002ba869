package dev.kvasir.producer;

import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import java.util.List;
import java.util.Optional;

/** The runs of a plan, one after the other. The thread that executes the plan owns it. */
interface Agenda {

  /**
   * The runs of a plan that were not made before.
   *
   * @param earlier what was
   */
  static Agenda of(Plan plan, EarlierRuns earlier) {
    return plan.search() == null
        ? new MatrixAgenda(Matrix.of(plan).runs(), earlier)
        : new SearchAgenda(plan, plan.search(), earlier);
  }

  /** The run to be made next; empty when there is none left. */
  Optional<RunSpec> next();

  /** Takes the result of the run that was to be made next. */
  void ended(RunResult result);

  /** What was found since the last call. */
  List<Found> takeFindings();
}
