package dev.kvasir.simulator.engine;

import static dev.kvasir.simulator.engine.Schedules.profile;
import static dev.kvasir.simulator.engine.Schedules.prompt;
import static dev.kvasir.simulator.engine.Schedules.tier;
import static dev.kvasir.simulator.engine.Schedules.withTier;
import static dev.kvasir.simulator.engine.Schedules.withTiers;
import static dev.kvasir.simulator.engine.Schedules.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.simulator.engine.TierSettings.Loading;
import dev.kvasir.simulator.engine.TierSettings.Storing;
import dev.kvasir.simulator.engine.VirtualServer.Fate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One tier below GPU memory, with times worked out by hand. */
class TierTest {
  private static final long STEP = 1_000_000;

  /** A prompt, one that pushes it out of GPU memory, and the first one again. */
  private static final List<Work> AGAIN =
      List.of(
          work(0, prompt(1, 320), 1),
          work(100 * STEP, prompt(2, 600), 1),
          work(200 * STEP, prompt(1, 320), 1));

  @Test
  void whatGpuMemoryForgotIsLoadedAndNotComputedAgain() {
    Profile profile = withTier(profile(40, true), 10_000, Loading.BLOCK, Storing.THROUGH);

    Fate again = VirtualServer.play(profile, AGAIN).get(2);

    assertThat(again.cached).isEqualTo(319);
    assertThat(again.reuse.bySource()).containsKeys("cpu");
    int loaded = again.reuse.bySource().getOrDefault("cpu", 0) + 1;
    // Chunks of 16 tokens at 16 us and 100 ns each, then a step for one token that attends to 320.
    long step = STEP + 320 * 2 + 500;
    assertThat(again.ttft()).isEqualTo(loaded / 16 * 16_100L + step);
  }

  @Test
  void layersThatArriveBesideTheComputingCostTheLongerOfTheTwo() {
    Profile profile = withTier(profile(40, true), 10_000, Loading.LAYERWISE, Storing.THROUGH);

    Fate again = VirtualServer.play(profile, AGAIN).get(2);

    assertThat(again.cached).isEqualTo(319);
    assertThat(again.ttft()).isEqualTo(STEP + 320 * 2 + 500);
  }

  @Test
  void aRequestThatLoadsAsideDoesNotHoldUpTheOthers() {
    TierSettings slow = tier("remote", 10_000, 0.01, Loading.ASYNC, Storing.THROUGH);
    Profile profile = withTiers(profile(400, false), List.of(slow));
    List<Work> schedule =
        List.of(
            work(0, prompt(1, 320), 1),
            work(100 * STEP, prompt(1, 320), 1),
            work(100 * STEP + 1, prompt(3, 20), 10));

    List<Fate> fates = VirtualServer.play(profile, schedule);

    assertThat(fates.get(1).cached).isEqualTo(319);
    assertThat(fates.get(1).ttft()).isGreaterThan(30 * STEP);
    assertThat(fates.get(2).finishedNanos).isLessThan(fates.get(1).tokenNanos.getFirst());
  }

  @Test
  void whatIsWrittenBackIsFoundOnceItWasEvicted() {
    Profile profile = withTier(profile(40, true), 10_000, Loading.BLOCK, Storing.BACK);

    Fate again = VirtualServer.play(profile, AGAIN).get(2);

    assertThat(again.cached).isEqualTo(319);
  }

  @Test
  void aChunkIsNotFoundBeforeItsWritingHasEnded() {
    TierSettings slow = tier("disk", 10_000, 0.001, Loading.BLOCK, Storing.THROUGH);
    Profile profile = withTiers(profile(400, false), List.of(slow));
    List<Work> schedule = List.of(work(0, prompt(1, 320), 1), work(90 * STEP, prompt(1, 320), 1));

    Fate again = VirtualServer.play(profile, schedule).get(1);

    // 16 tokens take 16 ms to write: five chunks are there.
    assertThat(again.cached).isEqualTo(80);
  }

  @Test
  void theLeastRecentlyUsedChunkIsEvictedFirstAndGoesToTheTierBelow() {
    TierSettings cpu = tier("cpu", 320, 1, Loading.BLOCK, Storing.THROUGH);
    TierSettings disk = tier("disk", 10_000, 1, Loading.BLOCK, Storing.BACK);
    Profile profile = withTiers(profile(40, false), List.of(cpu, disk));

    Fate again = VirtualServer.play(profile, AGAIN).get(2);

    assertThat(again.reuse.bySource()).containsOnlyKeys("disk");
    assertThat(again.cached).isEqualTo(319);
  }

  @Test
  void aFullWriteBufferHoldsUpTheNextStep() {
    TierSettings through = tier("cpu", 10_000, 0.001, Loading.BLOCK, Storing.THROUGH);
    TierSettings strict =
        new TierSettings(
            "cpu", 1e7, 0.001, 0.001, 100, 1, true, 16, false, Loading.BLOCK, Storing.THROUGH, 0);
    List<Work> schedule = List.of(work(0, prompt(1, 320), 3));

    Fate free = VirtualServer.play(withTiers(profile(40, true), List.of(through)), schedule).get(0);
    Fate held = VirtualServer.play(withTiers(profile(40, true), List.of(strict)), schedule).get(0);

    assertThat(free.finishedNanos).isLessThan(10 * STEP);
    assertThat(held.finishedNanos).isGreaterThan(320 * STEP);
  }

  @Test
  void preemptedKvThatIsSwappedIsNotComputedAgain() {
    Profile recompute = profile(41, false, 8, 256);
    Profile.Scheduler swapping = new Profile.Scheduler(8, 256, 1e9, 100);
    Profile swap =
        new Profile(
            "swap",
            "for tests",
            recompute.model(),
            swapping,
            recompute.kv(),
            recompute.cost(),
            recompute.output());
    List<Work> schedule = Schedules.distinct(7, 60, 200);

    VirtualServer again = new VirtualServer(recompute);
    again.play(schedule, (_, _) -> {});
    VirtualServer swapped = new VirtualServer(swap);
    swapped.play(schedule, (_, _) -> {});

    assertThat(swapped.engine.state().preemptions()).isPositive();
    assertThat(swapped.engine.state().stallNanos()).isPositive();
    assertThat(swapped.now).isLessThan(again.now);
  }
}
