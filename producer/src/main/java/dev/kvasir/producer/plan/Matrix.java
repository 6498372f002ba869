package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every run of a plan.
 *
 * @param runs in the order in which they are executed
 */
public record Matrix(List<RunSpec> runs) {

  public Matrix {
    runs = List.copyOf(runs);
  }

  /** Lays the plan out. */
  public static Matrix of(Plan plan) {
    List<RunSpec> runs = new ArrayList<>();
    switch (plan.order()) {
      case INTERLEAVED -> {
        for (int repeat = 1; repeat <= plan.repeats(); repeat++) {
          for (LoadPoint load : plan.loads()) {
            for (Strategy strategy : plan.strategies()) {
              runs.add(run(plan, strategy, load, repeat));
            }
          }
        }
      }
      case BLOCKED -> {
        for (Strategy strategy : plan.strategies()) {
          for (LoadPoint load : plan.loads()) {
            for (int repeat = 1; repeat <= plan.repeats(); repeat++) {
              runs.add(run(plan, strategy, load, repeat));
            }
          }
        }
      }
    }
    return new Matrix(runs);
  }

  private static RunSpec run(Plan plan, Strategy strategy, LoadPoint load, int repeat) {
    return new RunSpec(
        plan.experiment(),
        strategy,
        load,
        repeat,
        Seeds.run(plan.seed(), load.text(), repeat),
        plan.workload().prompts(),
        plan.warmUpRequests());
  }

  /** Measured requests of all runs. */
  public long requests() {
    return runs.stream().mapToLong(RunSpec::requests).sum();
  }

  /** Warm-up requests of all runs. */
  public long warmUpRequests() {
    return runs.stream().mapToLong(RunSpec::warmUpRequests).sum();
  }

  /** Servers that are started for the plan: one for each simulated strategy. */
  public long serverStarts() {
    return runs.stream()
        .map(RunSpec::strategy)
        .distinct()
        .filter(strategy -> strategy.target() instanceof Target.Simulated)
        .count();
  }

  /**
   * How long the schedules of the open-loop runs with a finite rate last, without warm-up and
   * drain.
   */
  public Duration scheduledDuration() {
    double seconds =
        runs.stream()
            .filter(Matrix::hasSchedule)
            .mapToDouble(run -> run.requests() / ((LoadPoint.Open) run.load()).rate())
            .sum();
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  /** Runs whose duration the server decides: closed loops, and everything at once. */
  public long runsOfUnknownDuration() {
    return runs.stream().filter(run -> !hasSchedule(run)).count();
  }

  private static boolean hasSchedule(RunSpec run) {
    return run.load() instanceof LoadPoint.Open open && Double.isFinite(open.rate());
  }
}
