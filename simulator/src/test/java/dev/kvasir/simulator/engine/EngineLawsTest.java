package dev.kvasir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.simulator.engine.VirtualServer.Fate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every schedule. */
class EngineLawsTest {
  private static final int REQUESTS = 200;

  static LongStream seeds() {
    return LongStream.range(1, 1 + Integer.getInteger("seeds", 8));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyRequestEndsWithExactlyItsTokensHoweverShortThePoolIs(long seed) {
    VirtualServer server = new VirtualServer(Schedules.profile(41, true));

    server.play(Schedules.shared(seed, REQUESTS, 60, 5), (_, _) -> {});

    assertThat(server.inOrder)
        .hasSize(REQUESTS)
        .allSatisfy(fate -> {
          assertThat(fate.tokenNanos).hasSize(fate.work.outputTokens()).isSorted();
          assertThat(fate.finishedNanos).isEqualTo(fate.tokenNanos.getLast());
        });
    assertThat(server.engine.state().preemptions()).isPositive();
    assertThat(server.engine.state().heldBlocks()).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noTokenLeavesBeforeItsPrefillCouldEnd(long seed) {
    Profile profile = Schedules.profile(60, true);

    List<Fate> fates = VirtualServer.play(profile, Schedules.shared(seed, REQUESTS, 60, 5));

    assertThat(fates)
        .allSatisfy(fate -> {
          assertThat(fate.admittedNanos).isGreaterThanOrEqualTo(fate.work.arrivedNanos());
          int computed = fate.work.prompt().length() - fate.cached;
          double least = profile.cost().perToken() * computed;
          assertThat(fate.tokenNanos.getFirst() - fate.admittedNanos)
              .isGreaterThanOrEqualTo((long) least);
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyBlockIsHeldByExactlyThoseThatCountOnItOrElseFree(long seed) {
    VirtualServer server = new VirtualServer(Schedules.profile(45, true));

    server.play(Schedules.shared(seed, REQUESTS, 60, 5), (engine, _) -> assertBlocksAddUp(engine));

    assertThat(server.engine.state().steps()).isGreaterThan(REQUESTS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void withoutReuseAPrefixCacheChangesNothing(long seed) {
    List<Work> schedule = Schedules.distinct(seed, REQUESTS, 80);

    List<Fate> recompute = VirtualServer.play(Schedules.profile(400, false), schedule);
    List<Fate> cached = VirtualServer.play(Schedules.profile(400, true), schedule);

    assertThat(cached).extracting(Fate::toString).isEqualTo(texts(recompute));
    assertThat(cached).allSatisfy(fate -> assertThat(fate.cached).isZero());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void equalInputsGiveEqualRuns(long seed) {
    Profile profile = Schedules.profile(50, true);

    List<Fate> once = VirtualServer.play(profile, Schedules.shared(seed, REQUESTS, 60, 5));
    List<Fate> again = VirtualServer.play(profile, Schedules.shared(seed, REQUESTS, 60, 5));

    assertThat(again).extracting(Fate::toString).isEqualTo(texts(once));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aLargerPoolDoesNotWorsenTheMeanTimeToTheFirstToken(long seed) {
    List<Work> schedule = Schedules.shared(seed, 400, 50, 12);
    double previous = Double.MAX_VALUE;
    for (int blocks : new int[] {45, 90, 180, 360, 720}) {
      double mean = meanTtft(VirtualServer.play(Schedules.profile(blocks, true), schedule));

      assertThat(mean).as("%d blocks", blocks).isLessThanOrEqualTo(previous * 1.05);
      previous = mean;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aPrefixCacheShortensTheMeanTimeToTheFirstTokenWherePrefixesAreShared(long seed) {
    List<Work> schedule = Schedules.shared(seed, 400, 50, 3);

    double recompute = meanTtft(VirtualServer.play(Schedules.profile(720, false), schedule));
    double cached = meanTtft(VirtualServer.play(Schedules.profile(720, true), schedule));

    assertThat(cached).isLessThan(recompute);
  }

  /** Mean number in the system = arrival rate × mean time in the system. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void littlesLawHolds(long seed) {
    VirtualServer server = new VirtualServer(Schedules.profile(720, true));

    server.play(Schedules.distinct(seed, 2_000, 30), (_, _) -> {});

    double inSystem = server.inSystemNanos / server.now;
    double rate = server.inOrder.size() / (double) server.now;
    double time =
        server.inOrder.stream()
            .mapToLong(fate -> fate.finishedNanos - fate.work.arrivedNanos())
            .average()
            .orElseThrow();
    assertThat(inSystem / (rate * time)).isCloseTo(1, within(0.05));
  }

  private static void assertBlocksAddUp(Engine engine) {
    BlockPool pool = engine.pool();
    Map<Integer, Integer> counted = new HashMap<>();
    for (Sequence sequence : engine.scheduler().running()) {
      assertThat(sequence.computed).isLessThanOrEqualTo(sequence.heldBlocks() * 16);
      for (int i = 0; i < sequence.heldBlocks(); i++) {
        counted.merge(sequence.block(i), 1, Integer::sum);
      }
    }
    for (Sequence sequence : engine.scheduler().waiting()) {
      assertThat(sequence.heldBlocks()).isZero();
    }
    for (int block = 0; block < pool.size(); block++) {
      assertThat(pool.holders(block)).isEqualTo(counted.getOrDefault(block, 0));
    }
    assertThat(counted.size() + pool.free()).isEqualTo(pool.size());
  }

  private static double meanTtft(List<Fate> fates) {
    return fates.stream().mapToLong(Fate::ttft).average().orElseThrow();
  }

  private static List<String> texts(List<Fate> fates) {
    return fates.stream().map(Fate::toString).toList();
  }
}
