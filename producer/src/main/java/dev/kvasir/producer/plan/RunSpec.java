package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.workload.PromptSet;
import dev.kvasir.producer.workload.Workload;
import java.util.Locale;

/**
 * One run of a plan.
 *
 * @param experiment experiment that it belongs to
 * @param strategy strategy that it measures
 * @param load load point
 * @param repeat which repeat of its cell it is, from 1
 * @param seed equal for every strategy at one load point and repeat, different across repeats
 * @param requests measured requests
 * @param warmUpRequests requests before them that no metric counts
 */
public record RunSpec(
    String experiment,
    Strategy strategy,
    LoadPoint load,
    int repeat,
    long seed,
    int requests,
    int warmUpRequests) {

  /** Load point as text; equal across strategies. */
  public String loadPoint() {
    return load.text();
  }

  /** Strategy and load point as text; unique in the experiment. */
  public String cell() {
    return strategy.name() + " " + load.text();
  }

  /** What the run's readable id begins with, of the characters {@code a-z 0-9 . = _ -}. */
  public String idStem() {
    return "%s-%s-%s-r%d"
        .formatted(experiment, strategy.name(), load.text(), repeat)
        .toLowerCase(Locale.ROOT);
  }

  /** When the measured requests of an open-loop run are due. */
  public Schedule schedule(LoadPoint.Open open) {
    return Schedule.of(open, requests, Seeds.stream(seed, "arrivals"));
  }

  /** What the run sends. Its draws are independent of those of the schedule. */
  public PromptSet prompts(Workload workload) {
    return workload.prompts(requests, warmUpRequests, Seeds.stream(seed, "prompts"));
  }
}
