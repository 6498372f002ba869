package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to measure: strategies × varied parameters × load points × repeats.
 *
 * @param experiment name of the set of runs that are meant to be compared
 * @param seed seed of everything that is drawn
 * @param repeats runs of each cell, at least 1
 * @param order order in which the runs are executed
 * @param objective what users should feel
 * @param varied parameters, and where they are named
 * @param workload what is sent, as the plan says it at the first combination of parameters
 * @param variants the strategies with every combination of the parameters that matter to them, at
 *     least one, strategy by strategy
 * @param loads load points, at least one unless a search finds them
 * @param play how each load point is played
 * @param promptsAt prompts of single cells, where they are not the workload's
 * @param search what is searched for instead of load points; null for nothing
 * @param warmUpRequests requests before each run that no metric counts; none of them is measured
 * @param stop when a run is ended before its load is
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
    Varied varied,
    WorkloadSpec workload,
    List<Variant> variants,
    List<LoadPoint> loads,
    Play play,
    CellPrompts promptsAt,
    @Nullable Search search,
    int warmUpRequests,
    StopRules stop,
    Duration timeout,
    boolean recordText,
    List<AlertCondition> alerts,
    CachePolicy cache,
    Thresholds thresholds) {

  public Plan {
    loads = List.copyOf(loads);
    variants = List.copyOf(variants);
    alerts = List.copyOf(alerts);
    if (repeats < 1
        || warmUpRequests < 0
        || loads.isEmpty() != (search != null)
        || variants.isEmpty()) {
      throw new IllegalArgumentException("a plan needs repeats, load points and strategies");
    }
  }

  /** The ways of serving; those whose fields name parameters come once for each of their values. */
  public List<Strategy> strategies() {
    return variants.stream().map(Variant::strategy).distinct().toList();
  }

  /** The first variant of each way of serving. */
  public List<Variant> servers() {
    Map<Strategy, Variant> first = new LinkedHashMap<>();
    variants.forEach(variant -> first.putIfAbsent(variant.strategy(), variant));
    return List.copyOf(first.values());
  }

  /** Prompts that the workload gives in a run of a cell. */
  public int prompts(Variant variant, LoadPoint load) {
    Integer own = promptsAt.of(variant, load);
    return own == null ? variant.workload().prompts() : own;
  }

  /** What is sent, each once. */
  public List<WorkloadSpec> workloads() {
    return variants.stream().map(Variant::workload).distinct().toList();
  }
}
