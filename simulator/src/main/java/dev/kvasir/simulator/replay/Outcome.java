package dev.kvasir.simulator.replay;

import dev.kvasir.simulator.engine.EngineState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a run came to.
 *
 * @param fates of every request, in the order of the schedule
 * @param state of the deployment at the end
 * @param seconds from the first arrival to the last token
 */
public record Outcome(List<Fate> fates, EngineState state, double seconds) {
  private static final String HEAD =
      "ordinal,arrived_s,admitted_s,first_token_s,last_token_s,prompt_tokens,cached_tokens,cached_by_tier,output_tokens,ttft_ms,tpot_ms,longest_gap_ms\n";

  public Outcome {
    fates = List.copyOf(fates);
  }

  public static Outcome of(VirtualRun run, List<Fate> fates) {
    long first = fates.stream().mapToLong(fate -> fate.work().arrivedNanos()).min().orElse(0);
    long last = fates.stream().mapToLong(Fate::lastTokenNanos).max().orElse(0);
    return new Outcome(fates, run.state(), (last - first) / 1e9);
  }

  public double meanTtftMillis() {
    return fates.stream().mapToDouble(Fate::ttftNanos).average().orElse(0) / 1e6;
  }

  /**
   * The time to the first token that a share of the requests stays within.
   *
   * @param share 0.99 for the 99th percentile, linearly interpolated
   */
  public double ttftMillis(double share) {
    return quantile(share, Fate::ttftNanos) / 1e6;
  }

  /** Of requests with more than one token. */
  public double tpotMillis(double share) {
    return quantile(
            share,
            fates.stream().filter(fate -> fate.work().outputTokens() > 1).toList(),
            Fate::tpotNanos)
        / 1e6;
  }

  /** Tokens produced, a second. */
  public double outputTokensPerSecond() {
    return fates.stream().mapToLong(fate -> fate.work().outputTokens()).sum() / seconds;
  }

  public double requestsPerSecond() {
    return fates.size() / seconds;
  }

  /** Share of requests, 0 to 1, whose TTFT and TPOT are within these limits. */
  public double attainment(double ttftMillis, double tpotMillis) {
    long met =
        fates.stream()
            .filter(fate ->
                fate.ttftNanos() <= ttftMillis * 1e6 && fate.tpotNanos() <= tpotMillis * 1e6)
            .count();
    return (double) met / fates.size();
  }

  /** Prompt tokens that were found instead of computed, by where, ever. */
  public Map<String, Long> reuse() {
    Map<String, Long> bySource = new LinkedHashMap<>();
    for (Fate fate : fates) {
      if (fate.reuse() != null) {
        fate.reuse().bySource().forEach((name, n) -> bySource.merge(name, (long) n, Long::sum));
      }
    }
    return bySource;
  }

  /** A row for each request. */
  public String csv() {
    StringBuilder text = new StringBuilder(HEAD);
    for (Fate fate : fates) {
      text.append(row(fate));
    }
    return text.toString();
  }

  private static String row(Fate fate) {
    List<String> tiers = new ArrayList<>();
    int cached = 0;
    if (fate.reuse() != null) {
      fate.reuse().bySource().forEach((name, tokens) -> tiers.add(name + "=" + tokens));
      cached = fate.reuse().cached();
    }
    return String.format(
        Locale.ROOT,
        "%d,%.9f,%.9f,%.9f,%.9f,%d,%d,%s,%d,%.6f,%.6f,%.6f%n",
        fate.ordinal(),
        fate.work().arrivedNanos() / 1e9,
        fate.admittedNanos() / 1e9,
        fate.firstTokenNanos() / 1e9,
        fate.lastTokenNanos() / 1e9,
        fate.work().prompt().length(),
        cached,
        String.join(";", tiers),
        fate.work().outputTokens(),
        fate.ttftNanos() / 1e6,
        fate.tpotNanos() / 1e6,
        fate.longestGapNanos() / 1e6);
  }

  private double quantile(double share, ToDoubleFunction<Fate> value) {
    return quantile(share, fates, value);
  }

  private static double quantile(double share, List<Fate> among, ToDoubleFunction<Fate> value) {
    double[] sorted = among.stream().mapToDouble(value).toArray();
    if (sorted.length == 0) {
      return 0;
    }
    Arrays.sort(sorted);
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
