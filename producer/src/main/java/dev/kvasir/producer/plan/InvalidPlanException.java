package dev.kvasir.producer.plan;

import java.util.List;
import java.util.stream.Collectors;

/** A plan cannot be used. The message lists every problem, one a line. */
public final class InvalidPlanException extends RuntimeException {

  private final transient List<Problem> problems;

  InvalidPlanException(List<Problem> problems) {
    super(problems.stream().map(Problem::text).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Every problem, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}
