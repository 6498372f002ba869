package dev.kvasir.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.Work;
import dev.kvasir.simulator.profile.OutOfGpuMemoryException;
import dev.kvasir.simulator.profile.Profiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the examples say, in virtual time and at their full size. */
class CasesTest {
  private static final double STEP = 0.05;

  /** The tail has broken where the 99th percentile is so many times that of an idle server. */
  private static final double BROKEN = 10;

  @ParameterizedTest
  @CsvSource({"hbm-prefix, 512, 1000", "kv8, 512, 1000"})
  void theTailBreaksAtTheCapacity(String strategy, int outputTokens, int requests) {
    Profile profile = Profiles.load("qwen3-30b-a3b-rtx5090", Map.of("strategy", strategy));
    double capacity =
        play(profile, Double.POSITIVE_INFINITY, outputTokens, requests).requestsPerSecond();
    double idle = play(profile, capacity / 10, outputTokens, requests).ttftMillis(0.99);

    double knee = 0.5;
    while (play(profile, knee * capacity, outputTokens, requests).ttftMillis(0.99)
        < BROKEN * idle) {
      knee += STEP;
    }

    System.out.printf(
        "%s, %d output tokens: capacity %.2f/s, knee at %.2f of it%n",
        strategy, outputTokens, capacity, knee);
    assertThat(knee).isCloseTo(1, within(0.2));
  }

  @ParameterizedTest
  @CsvSource({"1", "4", "16"})
  void everyGigabyteOfTheBudgetServesMoreTokens(int users) {
    double previous = 0;
    for (int gigabytes = 16; gigabytes <= 28; gigabytes++) {
      Profile profile =
          Profiles.load("gpt-oss-120b-offload", Map.of("gpu.memory", gigabytes + "GB"));
      VirtualRun run = new VirtualRun(profile);

      double tokens =
          Outcome.of(run, run.closed(prompts(48, 128, 128), users)).outputTokensPerSecond();

      assertThat(tokens).isGreaterThan(previous);
      previous = tokens;
    }
  }

  @Test
  void aCacheInSixteenBitsDoesNotFitWhereEightBitsDo() {
    Map<String, String> full = Map.of("model.max-context", "32768");
    Map<String, String> half = Map.of("model.max-context", "32768", "strategy", "kv8");

    assertThatThrownBy(() -> Profiles.load("qwen3-30b-a3b-rtx5090", full))
        .isInstanceOf(OutOfGpuMemoryException.class)
        .hasMessageStartingWith("out of GPU memory: 32.6 GB less 30.5 GB of weights leave 2.1 GB")
        .hasMessageContaining("expected at least 3.2 GB");
    assertThat(Profiles.load("qwen3-30b-a3b-rtx5090", half).kv().blocks()).isGreaterThan(2048);
  }

  /** Time in tenths of a millennium adds up to more nanoseconds than a long can count. */
  @Test
  void theMeanOfVeryLongTimesIsRight() {
    Profile profile = Profiles.load("qwen3-8b-l4", Map.of("cost.step-overhead", "1000000000s"));
    VirtualRun run = new VirtualRun(profile);

    Outcome outcome = Outcome.of(run, run.closed(prompts(12, 100, 1), 12));

    assertThat(outcome.meanTtftMillis()).isBetween(1e12, 2e12);
  }

  private static Outcome play(Profile profile, double rate, int outputTokens, int requests) {
    VirtualRun run = new VirtualRun(profile);
    Workloads.Synthetic wanted =
        new Workloads.Synthetic(requests, rate, 225, 0, 1, outputTokens, 42);
    return Outcome.of(run, run.open(Workloads.poisson(wanted)));
  }

  private static List<Work> prompts(int count, int inputTokens, int outputTokens) {
    return Workloads.poisson(
        new Workloads.Synthetic(
            count, Double.POSITIVE_INFINITY, inputTokens, 0, 1, outputTokens, 42));
  }
}
