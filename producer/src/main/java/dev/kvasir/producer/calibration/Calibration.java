package dev.kvasir.producer.calibration;

import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.workload.Workloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the client of one machine can measure faithfully, on one event loop, publishing.
 *
 * @param host name of the machine
 * @param processors its processors
 * @param jvm Java runtime
 * @param version version of Kvasir
 * @param measuredAt epoch nanoseconds
 * @param throughput fast streams, ever more of them
 * @param concurrency slow streams, ever more of them
 */
public record Calibration(
    String host,
    int processors,
    String jvm,
    String version,
    long measuredAt,
    List<TrialResult> throughput,
    List<TrialResult> concurrency) {

  /** Lag of a stamp, 99th percentile, that is faithful. */
  public static final double FAITHFUL_MS = 1;

  /** Lag of a stamp, 99th percentile, that is tolerable. */
  public static final double TOLERABLE_MS = 5;

  public Calibration {
    throughput = List.copyOf(throughput);
    concurrency = List.copyOf(concurrency);
  }

  /** Tokens per second up to which the lag stays so small; empty if it never does. */
  public OptionalDouble tokensPerSecond(double lagMs) {
    return within(throughput, lagMs).stream().mapToDouble(TrialResult::tokensPerSecond).max();
  }

  /** Streams at the same time up to which the lag stays so small; empty if it never does. */
  public OptionalInt streams(double lagMs) {
    List<TrialResult> all = new ArrayList<>(within(throughput, lagMs));
    all.addAll(within(concurrency, lagMs));
    return all.stream().mapToInt(TrialResult::streams).max();
  }

  /** The trials before the first that exceeds a lag. */
  private static List<TrialResult> within(List<TrialResult> trials, double lagMs) {
    return trials.stream().takeWhile(trial -> trial.lagP99Ms() <= lagMs).toList();
  }

  /** Where a plan asks for more than this, one sentence each, as far as the plan alone tells. */
  public List<String> warnings(Plan plan) {
    return warnings(ExpectedLoad.of(plan, null));
  }

  /** The same, with what its prompts tell. */
  public List<String> warnings(Plan plan, Workloads workloads) {
    return warnings(ExpectedLoad.of(plan, workloads));
  }

  private List<String> warnings(List<ExpectedLoad> loads) {
    return loads.stream().flatMap(load -> warnings(load).stream()).distinct().toList();
  }

  private List<String> warnings(ExpectedLoad load) {
    List<String> warnings = new ArrayList<>();
    Double tokens = load.tokensPerSecond();
    double most = tokensPerSecond(TOLERABLE_MS).orElse(0);
    if (tokens != null && tokens > most) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s asks for about %,.0f tokens/s in its busiest %d s; this machine stamps up to %,.0f within %.0f ms",
              load.loadPoint(),
              tokens,
              ExpectedLoad.WINDOW_SECONDS,
              most,
              TOLERABLE_MS));
    }
    Integer streams = load.streams();
    int widest = streams(TOLERABLE_MS).orElse(0);
    if (streams != null && streams > widest) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%s has up to %,d streams at once; this machine stamps up to %,d within %.0f ms",
              load.loadPoint(),
              streams,
              widest,
              TOLERABLE_MS));
    }
    return warnings;
  }
}
