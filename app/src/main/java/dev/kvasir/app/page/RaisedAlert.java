package dev.kvasir.app.page;

import org.jspecify.annotations.Nullable;

/**
 * An alert of a run.
 *
 * @param raisedAt epoch nanoseconds
 * @param value the metric's value that raised it
 * @param threshold the threshold that it crossed
 * @param clearedAt epoch nanoseconds; null while it is raised
 */
record RaisedAlert(
    String rule,
    String metric,
    long raisedAt,
    double value,
    double threshold,
    @Nullable Long clearedAt) {

  RaisedAlert clearedAt(long at) {
    return new RaisedAlert(rule, metric, raisedAt, value, threshold, at);
  }
}
