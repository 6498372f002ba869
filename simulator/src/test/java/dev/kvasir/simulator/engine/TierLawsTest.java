package dev.kvasir.simulator.engine;

import static dev.kvasir.simulator.engine.Schedules.profile;
import static dev.kvasir.simulator.engine.Schedules.tier;
import static dev.kvasir.simulator.engine.Schedules.withTier;
import static dev.kvasir.simulator.engine.Schedules.withTiers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.simulator.engine.TierSettings.Loading;
import dev.kvasir.simulator.engine.TierSettings.Storing;
import dev.kvasir.simulator.engine.VirtualServer.Fate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every schedule with tiers below GPU memory. */
class TierLawsTest {

  static LongStream seeds() {
    return LongStream.range(1, 1 + Integer.getInteger("seeds", 5));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void withoutReuseATierThatNobodyWaitsForChangesNothing(long seed) {
    List<Work> schedule = Schedules.distinct(seed, 200, 80);

    List<Fate> recompute = VirtualServer.play(profile(400, false), schedule);
    List<Fate> tiered =
        VirtualServer.play(
            withTier(profile(400, false), 1 << 20, Loading.BLOCK, Storing.THROUGH), schedule);

    assertThat(tiered)
        .extracting(Fate::toString)
        .isEqualTo(recompute.stream().map(Fate::toString).toList());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aLargerTierDoesNotWorsenTheMeanTimeToTheFirstToken(long seed) {
    List<Work> schedule = Schedules.shared(seed, 400, 50, 12);
    double previous = Double.MAX_VALUE;
    for (int tokens : new int[] {64, 640, 2_560, 40_960}) {
      Profile profile = withTier(profile(45, true), tokens, Loading.BLOCK, Storing.THROUGH);

      double mean = meanTtft(VirtualServer.play(profile, schedule));

      assertThat(mean).as("%d tokens", tokens).isLessThanOrEqualTo(previous * 1.05);
      previous = mean;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aFasterTierDoesNotWorsenTheMeanTimeToTheFirstToken(long seed) {
    List<Work> schedule = Schedules.shared(seed, 400, 50, 12);
    for (Loading loading : Loading.values()) {
      double previous = Double.MAX_VALUE;
      for (double bandwidth : new double[] {0.05, 0.2, 1, 10}) {
        TierSettings tier = tier("cpu", 40_960, bandwidth, loading, Storing.THROUGH);

        double mean =
            meanTtft(VirtualServer.play(withTiers(profile(45, true), List.of(tier)), schedule));

        assertThat(mean).as("%s at %s", loading, bandwidth).isLessThanOrEqualTo(previous * 1.05);
        previous = mean;
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyBlockIsHeldOnceOrFreeAlsoWhileKvIsLoadedAside(long seed) {
    Profile profile = withTier(profile(60, true), 40_960, Loading.ASYNC, Storing.THROUGH);
    VirtualServer server = new VirtualServer(profile);

    server.play(
        Schedules.shared(seed, 200, 60, 5),
        (engine, _) -> {
          BlockPool pool = engine.pool();
          Set<Integer> held = new HashSet<>();
          engine.scheduler().running().forEach(sequence -> addBlocks(sequence, held));
          engine.scheduler().loading().forEach(sequence -> addBlocks(sequence, held));
          assertThat(held.size() + pool.free()).isEqualTo(pool.size());
        });

    assertThat(server.engine.state().heldBlocks()).isZero();
    assertThat(server.engine.state().tierHits()).isPositive();
    assertThat(server.inOrder)
        .allSatisfy(fate -> assertThat(fate.tokenNanos).hasSize(fate.work.outputTokens()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsTakenAwayComesBackAndNobodyIsLost(long seed) {
    VirtualServer server = new VirtualServer(profile(80, true));

    server.play(
        Schedules.shared(seed, 200, 60, 5),
        (engine, now) -> engine.press(now % 1_000_000_000 < 500_000_000 ? 0.5 : 0));

    assertThat(server.inOrder)
        .allSatisfy(fate -> assertThat(fate.tokenNanos).hasSize(fate.work.outputTokens()));
    assertThat(server.engine.state().heldBlocks()).isZero();
  }

  private static void addBlocks(Sequence sequence, Set<Integer> held) {
    for (int i = 0; i < sequence.heldBlocks(); i++) {
      held.add(sequence.block(i));
    }
  }

  private static double meanTtft(List<Fate> fates) {
    return fates.stream().mapToLong(Fate::ttft).average().orElseThrow();
  }
}
