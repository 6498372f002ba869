package dev.kvasir.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.Work;
import dev.kvasir.simulator.profile.Profiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A sweep of constant rates over Qwen3-0.6B under three strategies, each point 30 seconds that
 * begin with one second's worth of requests at once, as its tool sends them.
 */
class SweepTest {
  private static final double LIMIT_MILLIS = 100;
  private static final int SECONDS = 30;

  private static final Map<String, String> STRATEGIES =
      Map.of("default", "hbm-prefix", "lmcache", "lmcache-cpu", "offload", "cpu-offload");

  @Test
  void theRateAtWhichTheTailCrossesItsLimitIsLowestForTheStrategyThatStoresInStep()
      throws IOException {
    Map<String, Double> measured = new LinkedHashMap<>();
    Map<String, Double> predicted = new LinkedHashMap<>();
    for (String name : List.of("lmcache", "default", "offload")) {
      Profile profile =
          Profiles.load("qwen3-0.6b-l4", Map.of("strategy", STRATEGIES.getOrDefault(name, name)));
      List<double[]> real = new ArrayList<>();
      List<double[]> simulated = new ArrayList<>();
      for (JsonNode point : points(name)) {
        double rate = point.at("/args/strategy/rate").asDouble();
        JsonNode ttft = point.at("/metrics/time_to_first_token_ms/successful");
        Outcome outcome = play(profile, rate);
        real.add(new double[] {rate, ttft.at("/percentiles/p99").asDouble()});
        simulated.add(new double[] {rate, outcome.ttftMillis(0.99)});
        System.out.printf(
            "%-8s %5.2f/s TTFT p50 %5.1f (%5.1f predicted), p99 %5.1f (%5.1f), ITL %4.1f (%4.1f) ms%n",
            name,
            rate,
            ttft.at("/percentiles/p50").asDouble(),
            outcome.ttftMillis(0.5),
            ttft.at("/percentiles/p99").asDouble(),
            outcome.ttftMillis(0.99),
            point.at("/metrics/inter_token_latency_ms/successful/mean").asDouble(),
            outcome.tpotMillis(0.5));
      }
      measured.put(name, crossing(real));
      predicted.put(name, crossing(simulated));
    }
    System.out.printf(
        "p99 TTFT crosses 100 ms at %s as measured, %s as predicted%n", measured, predicted);
    assertThat(predicted.get("lmcache"))
        .isLessThan(0.95 * predicted.get("default"))
        .isLessThan(0.95 * predicted.get("offload"));
    assertThat(predicted.get("default")).isLessThan(1.02 * predicted.get("offload"));
  }

  private static List<JsonNode> points(String name) throws IOException {
    Path file = ReferenceData.file("results/guidellm-sweep/benchmark-Qwen3-0.6B-" + name + ".json");
    List<JsonNode> points = new ArrayList<>();
    new JsonMapper()
        .readTree(file.toFile())
        .path("benchmarks")
        .forEach(point -> {
          if (point.at("/args/strategy/type_").asText().equals("constant")) {
            points.add(point);
          }
        });
    return points;
  }

  private static Outcome play(Profile profile, double rate) {
    List<Work> schedule = new ArrayList<>();
    int atOnce = (int) rate;
    for (int i = 0; i < SECONDS * rate; i++) {
      long at = i < atOnce ? 0 : (long) ((i - atOnce + 1) / rate * 1e9);
      schedule.add(new Work(at, Workloads.distinct(i, 256), 128, k -> k));
    }
    VirtualRun run = new VirtualRun(profile);
    return Outcome.of(run, run.open(schedule));
  }

  /** By linear interpolation; infinite if it is never crossed. */
  private static double crossing(List<double[]> points) {
    for (int i = 1; i < points.size(); i++) {
      double below = points.get(i - 1)[1];
      double above = points.get(i)[1];
      if (below < LIMIT_MILLIS && above >= LIMIT_MILLIS) {
        double share = (LIMIT_MILLIS - below) / (above - below);
        return points.get(i - 1)[0] + share * (points.get(i)[0] - points.get(i - 1)[0]);
      }
    }
    return Double.POSITIVE_INFINITY;
  }
}
