package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.workload.Chains;
import dev.kvasir.producer.workload.DatasetException;
import dev.kvasir.producer.workload.Played;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.producer.workload.PromptSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass of a run: its load point laid out over its prompts.
 *
 * @param prompts what is sent, by ordinal; over and over again when a length of time decides
 * @param schedule when the arrivals of an open loop are due; null for other loads
 * @param requests measured requests; null when a length of time decides how many are sent
 */
public record Course(
    List<Prompt> prompts, @Nullable Schedule schedule, @Nullable Integer requests) {

  /**
   * Lays a run out.
   *
   * @throws DatasetException if its load replays a trace and the workload is none
   */
  public static Course of(RunSpec run, PromptSet set) {
    return switch (run.load()) {
      case LoadPoint.Open open -> open(run, open.timing(), set);
      case LoadPoint.Closed closed ->
          new Course(
              set.measured(), null, run.isEndless() ? null : (Integer) set.measured().size());
      case LoadPoint.Bursts bursts -> {
        int requests =
            bursts.rounds() == null
                ? set.measured().size()
                : Math.multiplyExact(bursts.size(), bursts.rounds());
        yield of(Played.requests(set.measured(), requests), null);
      }
    };
  }

  private static Course open(RunSpec run, Timing timing, PromptSet set) {
    if (timing instanceof Timing.Traced(double speed)) {
      return traced(run, speed, set);
    }
    int chains = Chains.of(set.measured()).count();
    Schedule schedule = run.schedule(timing, chains).orElseThrow();
    return run.isEndless()
        ? new Course(set.measured(), schedule, null)
        : of(Played.chains(set.measured(), schedule.size()), schedule);
  }

  private static Course traced(RunSpec run, double speed, PromptSet set) {
    List<Long> due = set.dueNanos();
    if (due == null) {
      throw new DatasetException(
          "the load %s replays the times of a trace, and the workload has none: give a trace, or rates"
              .formatted(run.loadPoint()));
    }
    Schedule trace = Schedule.at(due).faster(speed);
    Schedule schedule = run.lasting(trace);
    return run.isEndless(trace)
        ? new Course(set.measured(), schedule, null)
        : of(Played.requests(set.measured(), schedule.size()), schedule);
  }

  private static Course of(List<Prompt> prompts, @Nullable Schedule schedule) {
    return new Course(prompts, schedule, prompts.size());
  }

  /** Whether the prompts are sent over and over again. */
  public boolean endless() {
    return requests == null;
  }

  /** The prompt of an ordinal, which goes on beyond the list where prompts are sent again. */
  public Prompt prompt(int ordinal) {
    return Played.prompt(prompts, ordinal);
  }

  /**
   * Which request follows which in an open loop.
   *
   * @throws IllegalStateException if the load has no schedule
   */
  public Chains chains() {
    if (schedule == null) {
      throw new IllegalStateException("a load without a schedule has no chains");
    }
    return endless() ? Chains.of(prompts) : Chains.of(prompts, schedule.size());
  }

  /** How many requests leave together when the pass of a load begins. */
  public int firstAtOnce(LoadPoint load) {
    int most =
        switch (load) {
          case LoadPoint.Closed closed -> closed.concurrency();
          case LoadPoint.Bursts bursts -> bursts.size();
          case LoadPoint.Open open -> {
            int due = schedule == null ? 0 : schedule.dueBy(0);
            Integer cap = open.maxInFlight();
            yield cap == null ? due : Math.min(cap, due);
          }
        };
    return Math.min(most, prompts.size());
  }

  /** How long arrivals of an open loop with a finite rate go on, nanoseconds; else 0. */
  public long scheduleNanos() {
    return schedule == null ? 0 : schedule.lastDueNanos();
  }
}
