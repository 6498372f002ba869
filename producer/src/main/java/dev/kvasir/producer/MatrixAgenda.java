package dev.kvasir.producer;

import dev.kvasir.producer.plan.RunSpec;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Runs that are known beforehand, but for those that were made. */
final class MatrixAgenda implements Agenda {

  private final Queue<RunSpec> left;

  MatrixAgenda(Collection<RunSpec> runs, EarlierRuns earlier) {
    this.left = new ArrayDeque<>(runs.stream().filter(run -> earlier.of(run).isEmpty()).toList());
  }

  @Override
  public Optional<RunSpec> next() {
    return Optional.ofNullable(left.poll());
  }

  @Override
  public void ended(RunResult result) {
    // The runs that are left do not depend on it.
  }

  @Override
  public List<Found> takeFindings() {
    return List.of();
  }
}
