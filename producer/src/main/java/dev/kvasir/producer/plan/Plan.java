package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What to measure: strategies × load points × repeats of one workload.
 *
 * @param experiment name of the set of runs that are meant to be compared
 * @param seed seed of everything that is drawn
 * @param repeats runs of each cell, at least 1
 * @param order order in which the runs are executed
 * @param objective what users should feel
 * @param workload what is sent
 * @param loads load points, at least one
 * @param play how each load point is played
 * @param promptsAt prompts of a run by the load point's text, where they are not the workload's
 * @param strategies ways of serving, at least one, with different names
 * @param warmUpRequests requests before each run that no metric counts; none of them is measured
 * @param timeout a request ends as a timeout after this long since it was sent
 * @param recordText whether the output text is recorded
 * @param alerts rules that alerts are judged by
 * @param cache how warm the servers' caches may be when a run begins
 * @param thresholds from where on the client is said to have limited a run
 */
public record Plan(
    String experiment,
    long seed,
    int repeats,
    RunOrder order,
    Objective objective,
    WorkloadSpec workload,
    List<LoadPoint> loads,
    Play play,
    Map<String, Integer> promptsAt,
    List<Strategy> strategies,
    int warmUpRequests,
    Duration timeout,
    boolean recordText,
    List<AlertCondition> alerts,
    CachePolicy cache,
    Thresholds thresholds) {

  public Plan {
    loads = List.copyOf(loads);
    promptsAt = Map.copyOf(promptsAt);
    strategies = List.copyOf(strategies);
    alerts = List.copyOf(alerts);
    if (repeats < 1 || warmUpRequests < 0 || loads.isEmpty() || strategies.isEmpty()) {
      throw new IllegalArgumentException("a plan needs repeats, load points and strategies");
    }
  }
}
