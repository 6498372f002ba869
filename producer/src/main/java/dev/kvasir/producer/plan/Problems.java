package dev.kvasir.producer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Collects what is wrong with a plan, each problem once. One parse owns it. */
final class Problems {

  private final List<Problem> found = new ArrayList<>();
  private final UnaryOperator<String> naming;

  /**
   * @param naming what the author of the plan calls the value at a path such as {@code slo.ttft}
   */
  Problems(UnaryOperator<String> naming) {
    this.naming = naming;
  }

  String name(String path) {
    return naming.apply(path);
  }

  void add(String where, String what, String expected) {
    Problem problem = new Problem(where, what, expected);
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  int count() {
    return found.size();
  }

  InvalidPlanException exception() {
    return new InvalidPlanException(found);
  }
}
