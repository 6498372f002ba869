package dev.kvasir.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.Work;
import dev.kvasir.simulator.profile.Profiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole deployments in virtual time. */
class VirtualRunTest {

  @ParameterizedTest
  @MethodSource("dev.kvasir.simulator.profile.Profiles#strategies")
  void equalInputsGiveEqualBytes(String strategy) {
    Profile profile = Profiles.load("qwen3-8b-l4", Map.of("strategy", strategy));

    assertThat(csv(profile, 7)).isEqualTo(csv(profile, 7)).isNotEqualTo(csv(profile, 8));
  }

  /** Mean number in the system = arrival rate × mean time in the system. */
  @ParameterizedTest
  @ValueSource(strings = {"recompute", "lmcache-cpu", "cpu-offload", "pd-nixl"})
  void littlesLawHolds(String strategy) {
    Profile profile = Profiles.load("qwen3-8b-l4", Map.of("strategy", strategy));
    VirtualRun run = new VirtualRun(profile);

    List<Fate> fates = run.open(schedule(3, 2_000, 0.5));

    double seconds = run.nowNanos() / 1e9;
    double time =
        fates.stream()
            .mapToLong(fate -> fate.lastTokenNanos() - fate.work().arrivedNanos())
            .average()
            .orElseThrow();
    double rate = fates.size() / seconds;
    assertThat(run.inSystemNanos() / run.nowNanos() / (rate * time / 1e9))
        .isCloseTo(1, within(0.02));
  }

  @Test
  void aSplitTellsEveryTokenOnceAndInOrder() {
    for (String first : List.of("prefill", "decode")) {
      Profile profile =
          Profiles.load(
              "opt-13b-a100",
              Map.of("strategy", "pd-nixl", "split.prefill", "2", "split.first-token", first));
      VirtualRun run = new VirtualRun(profile);

      List<Fate> fates = run.open(schedule(5, 200, 2));

      assertThat(fates).allMatch(Fate::answered);
      assertThat(run.state().running() + run.state().waiting()).isZero();
      assertThat(run.state().transferredPromptTokens()).isPositive();
    }
  }

  @Test
  void aFasterLinkBringsTheSecondTokenSooner() {
    double slow = meanTtft("pd-nixl", "split.bandwidth", "1GB/s");
    double fast = meanTtft("pd-nixl", "split.bandwidth", "100GB/s");

    assertThat(fast).isLessThan(slow);
  }

  @Test
  void pushingHidesTheTransferBehindThePrefill() {
    double pulled = meanTtft("pd-nixl", "split.bandwidth", "2GB/s");
    double pushed = meanTtft("pd-lmcache", "split.bandwidth", "2GB/s");

    assertThat(pushed).isLessThan(pulled);
  }

  @Test
  void moreReplicasServeMore() {
    VirtualRun one = new VirtualRun(Profiles.load("qwen3-8b-l4", Map.of()));
    VirtualRun two = new VirtualRun(Profiles.load("qwen3-8b-l4", Map.of("layout.replicas", "2")));

    double single = Outcome.of(one, one.open(schedule(1, 200, 100))).requestsPerSecond();
    double both = Outcome.of(two, two.open(schedule(1, 200, 100))).requestsPerSecond();

    assertThat(both).isGreaterThan(1.5 * single);
  }

  @Test
  void fewerBitsHoldMoreTokensAndCostTimeToConvert() {
    Profile full = Profiles.load("qwen3-8b-l4", Map.of());
    Profile eight = Profiles.load("qwen3-8b-l4", Map.of("strategy", "kv8"));
    Profile mixed = Profiles.load("qwen3-8b-l4", Map.of("strategy", "k8v4"));
    Profile four = Profiles.load("qwen3-8b-l4", Map.of("strategy", "kv4"));
    Profile asymmetric =
        Profiles.load("qwen3-8b-l4", Map.of("strategy", "kv4", "kv.asymmetric", "true"));
    Profile channel = Profiles.load("qwen3-8b-l4", Map.of("strategy", "kv4", "kv.axis", "channel"));

    assertThat(eight.kv().blocks()).isBetween(full.kv().blocks(), 2 * full.kv().blocks());
    assertThat(mixed.kv().blocks()).isBetween(eight.kv().blocks(), four.kv().blocks());
    assertThat(asymmetric.kv().blocks()).isLessThan(four.kv().blocks());
    assertThat(channel.kv().blocks()).isLessThan(four.kv().blocks());
    assertThat(four.cost().overhead()).isGreaterThan(full.cost().overhead());
  }

  @Test
  void moreGpuMemoryServesMoreTokensWhereWeightsLieInHostMemory() {
    double previous = 0;
    for (int gigabytes : new int[] {16, 20, 24, 28}) {
      Profile profile =
          Profiles.load("gpt-oss-120b-offload", Map.of("gpu.memory", gigabytes + "GB"));
      VirtualRun run = new VirtualRun(profile);

      double tokens = Outcome.of(run, run.open(schedule(2, 60, 100))).outputTokensPerSecond();

      assertThat(tokens).isGreaterThan(previous);
      previous = tokens;
    }
  }

  private static double meanTtft(String strategy, String key, String value) {
    Profile profile =
        Profiles.load(
            "opt-13b-a100",
            Map.of("strategy", strategy, "split.first-token", "decode", key, value));
    VirtualRun run = new VirtualRun(profile);
    return Outcome.of(run, run.open(schedule(4, 100, 1))).meanTtftMillis();
  }

  private static String csv(Profile profile, long seed) {
    VirtualRun run = new VirtualRun(profile);
    return Outcome.of(run, run.open(schedule(seed, 150, 1))).csv();
  }

  private static List<Work> schedule(long seed, int requests, double perSecond) {
    return Workloads.poisson(
        new Workloads.Synthetic(requests, perSecond, 1_500, 1_024, 12, 64, seed));
  }
}
