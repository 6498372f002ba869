package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.launch.Launch;
import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.search.RateSearch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Every run of a plan with load points; a search decides on its runs as it goes.
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
          runs.addAll(once(plan, repeat));
        }
      }
      case ALTERNATING -> {
        for (int repeat = 1; repeat <= plan.repeats(); repeat++) {
          List<RunSpec> cells = once(plan, repeat);
          runs.addAll(repeat % 2 == 1 ? cells : cells.reversed());
        }
      }
      case BLOCKED -> {
        for (Variant variant : plan.variants()) {
          for (LoadPoint load : plan.loads()) {
            for (int repeat = 1; repeat <= plan.repeats(); repeat++) {
              runs.add(run(plan, variant, load, repeat));
            }
          }
        }
      }
    }
    return new Matrix(runs);
  }

  /** Every cell once. */
  private static List<RunSpec> once(Plan plan, int repeat) {
    List<RunSpec> runs = new ArrayList<>();
    for (LoadPoint load : plan.loads()) {
      for (Variant variant : plan.variants()) {
        runs.add(run(plan, variant, load, repeat));
      }
    }
    return runs;
  }

  /** The run of a search's variant at a rate. */
  public static RunSpec trial(Plan plan, Search search, Variant variant, RateSearch.Trial trial) {
    return run(plan, variant, search.at(trial.rate()), trial.repeat());
  }

  private static RunSpec run(Plan plan, Variant variant, LoadPoint load, int repeat) {
    return new RunSpec(
        plan.experiment(),
        variant,
        load,
        plan.play(),
        repeat,
        Seeds.run(plan.seed(), load.text() + plan.play().text(), repeat),
        plan.prompts(variant, load),
        plan.warmUpRequests());
  }

  /** Measured requests of all runs, as far as the plan knows them. */
  public long requests() {
    return runs.stream().mapToLong(run -> run.requests().orElse(0)).sum();
  }

  /** Runs that send as many requests as fit in their time. */
  public long runsOfUnknownSize() {
    return runs.stream().filter(run -> run.size() instanceof RunSize.AsManyAsFit).count();
  }

  /** Warm-up requests of all runs. */
  public long warmUpRequests() {
    return runs.stream().mapToLong(RunSpec::warmUpRequests).sum();
  }

  /** Servers that are started for the plan: each simulator once, and every launch. */
  public long serverStarts() {
    long simulated =
        runs.stream()
            .map(RunSpec::strategy)
            .distinct()
            .filter(strategy -> strategy.target() instanceof Target.Simulated)
            .count();
    return simulated + launches().size();
  }

  /** The launches of strategies' servers in their order; one that serves on is one launch. */
  public List<Launch> launches() {
    List<Launch> launches = new ArrayList<>();
    for (RunSpec run : runs) {
      if (run.strategy().target() instanceof Target.Served(Serving serving)) {
        Launch launch = serving.launch(run.parameters());
        if (launches.isEmpty() || serving.fresh() || !launches.getLast().equals(launch)) {
          launches.add(launch);
        }
      }
    }
    return launches;
  }

  /** How long the runs issue load for a time that the plan knows, without warm-up and drain. */
  public Duration scheduledDuration() {
    return runs.stream()
        .flatMap(run -> run.scheduledDuration().stream())
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** Runs whose duration the server or a trace decides. */
  public long runsOfUnknownDuration() {
    return runs.stream().filter(run -> run.scheduledDuration().isEmpty()).count();
  }
}
