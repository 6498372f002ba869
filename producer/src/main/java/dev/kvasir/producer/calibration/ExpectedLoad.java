package dev.kvasir.producer.calibration;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.workload.Chains;
import dev.kvasir.producer.workload.Source;
import dev.kvasir.producer.workload.TokenRange;
import dev.kvasir.producer.workload.WorkloadSpec;
import dev.kvasir.producer.workload.Workloads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a load point asks of the client.
 *
 * @param loadPoint load point
 * @param tokensPerSecond output tokens of the requests that are due in its busiest ten seconds, by
 *     second; null when unknown, and where answers or the server decide
 * @param streams answers at the same time, at most; null when the server decides
 */
record ExpectedLoad(String loadPoint, @Nullable Double tokensPerSecond, @Nullable Integer streams) {

  static final int WINDOW_SECONDS = 10;

  private static final long WINDOW_NANOS = WINDOW_SECONDS * 1_000_000_000L;
  private static final int MOST_ARRIVALS = 1_000_000;

  /** What tells two load points apart. */
  private record Asked(String loadPoint, WorkloadSpec workload) {}

  /**
   * The load points of a plan, each once for each workload.
   *
   * @param workloads its prompts, which tell what the plan alone does not; null for none
   */
  static List<ExpectedLoad> of(Plan plan, @Nullable Workloads workloads) {
    Map<Asked, ExpectedLoad> loads = new LinkedHashMap<>();
    for (RunSpec run : Matrix.of(plan).runs()) {
      loads.computeIfAbsent(
          new Asked(run.loadPoint(), run.variant().workload()), _ -> of(run, workloads));
    }
    return List.copyOf(loads.values());
  }

  private static ExpectedLoad of(RunSpec run, @Nullable Workloads workloads) {
    return switch (run.load()) {
      case LoadPoint.Open open when isAllAtOnce(open) ->
          new ExpectedLoad(run.loadPoint(), null, atOnce(open, run.prompts()));
      case LoadPoint.Open open ->
          new ExpectedLoad(run.loadPoint(), tokens(run, open.timing(), workloads), null);
      case LoadPoint.Closed closed -> new ExpectedLoad(run.loadPoint(), null, closed.concurrency());
      case LoadPoint.Bursts bursts -> new ExpectedLoad(run.loadPoint(), null, bursts.size());
    };
  }

  private static boolean isAllAtOnce(LoadPoint.Open open) {
    return open.timing() instanceof Timing.Rated rated && rated.isAllAtOnce();
  }

  private static int atOnce(LoadPoint.Open open, int requests) {
    return open.maxInFlight() == null ? requests : Math.min(open.maxInFlight(), requests);
  }

  private static @Nullable Double tokens(
      RunSpec run, Timing timing, @Nullable Workloads workloads) {
    TokenRange output = run.variant().workload().outputTokens();
    Optional<Schedule> arrivals = run.schedule(timing, run.prompts());
    if (output != null && arrivals.isPresent()) {
      double each = turns(run.variant().workload().source()) * output.mean();
      return busiest(arrivals.get(), _ -> each);
    }
    if (workloads == null) {
      return null;
    }
    Course course = Course.of(run, run.prompts(workloads));
    Schedule schedule = course.schedule();
    if (schedule == null) {
      return null;
    }
    Chains chains = course.chains();
    double busiest = busiest(schedule, chain -> tokens(course, chains, chain));
    return Double.isNaN(busiest) ? null : (Double) busiest;
  }

  private static double turns(Source source) {
    return source instanceof Source.Sessions sessions ? sessions.turns().mean() : 1;
  }

  /** Output tokens of an arrival and all that follows it; NaN when the server decides. */
  private static double tokens(Course course, Chains chains, int chain) {
    double tokens = 0;
    for (int ordinal = chains.head(chain); ordinal != Chains.NONE; ordinal = chains.next(ordinal)) {
      Integer output = course.prompt(ordinal).outputTokens();
      tokens += output == null ? Double.NaN : output;
    }
    return tokens;
  }

  /** The tokens of the window that has most of them, by second. */
  private static double busiest(Schedule schedule, IntToDoubleFunction tokens) {
    PrimitiveIterator.OfLong newest = schedule.dueNanos().limit(MOST_ARRIVALS).iterator();
    PrimitiveIterator.OfLong oldest = schedule.dueNanos().iterator();
    double within = 0;
    double most = 0;
    int left = 0;
    long leaving = oldest.hasNext() ? oldest.nextLong() : 0;
    for (int arrival = 0; newest.hasNext(); arrival++) {
      long due = newest.nextLong();
      within += tokens.applyAsDouble(arrival);
      for (; leaving <= due - WINDOW_NANOS; leaving = oldest.nextLong()) {
        within -= tokens.applyAsDouble(left++);
      }
      most = Math.max(most, within);
    }
    return most / WINDOW_SECONDS;
  }
}
