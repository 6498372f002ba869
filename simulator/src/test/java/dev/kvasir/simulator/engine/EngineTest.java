package dev.kvasir.simulator.engine;

import static dev.kvasir.simulator.engine.Schedules.profile;
import static dev.kvasir.simulator.engine.Schedules.prompt;
import static dev.kvasir.simulator.engine.Schedules.work;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.simulator.engine.VirtualServer.Fate;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Single requests and small crowds, with times worked out by hand. */
class EngineTest {
  private static final long STEP = 1_000_000;

  @Test
  void aLoneRequestTakesItsPrefillAndThenAStepForEachToken() {
    Fate fate = VirtualServer.play(profile(400, true), List.of(work(5, prompt(1, 50), 3))).get(0);

    // 50 tokens take less than reading the weights; 50 x 51 / 2 pairs at 2 ns; 500 ns to leave.
    long first = 5 + STEP + 1_275 * 2 + 500;
    // The second token reads a context of 51 tokens at 50 ns, and costs 1 us as a sequence.
    long second = first + STEP + 51 * 50 + 1_000;
    long third = second + STEP + 52 * 50 + 1_000;
    assertThat(fate.tokenNanos).containsExactly(first, second, third);
    assertThat(fate.finishedNanos).isEqualTo(third);
  }

  @Test
  void theOutputsOfOneStepLeaveOneAfterTheOther() {
    List<Work> schedule = IntStream.range(0, 3).mapToObj(i -> work(0, prompt(i, 20), 1)).toList();

    List<Fate> fates = VirtualServer.play(profile(400, true), schedule);

    long first = fates.getFirst().finishedNanos;
    assertThat(fates)
        .extracting(fate -> fate.finishedNanos)
        .containsExactly(first, first + 500, first + 1_000);
  }

  @Test
  void aLongPromptIsPrefilledInChunksOfTheTokenBudget() {
    VirtualServer server = new VirtualServer(profile(400, true));

    server.play(List.of(work(0, prompt(1, 600), 1)), (_, _) -> {});

    assertThat(server.engine.state().steps()).isEqualTo(3);
    // Chunks of 256, 256 and 88 tokens; the first two are bound by computing.
    long linear = 3 * 100_000 + 2 * 2_560_000 + 900_000;
    assertThat(server.inOrder.getFirst().ttft()).isEqualTo(linear + 600 * 601 / 2 * 2 + 500);
  }

  @Test
  void decodingGoesOnWhileALongPromptIsPrefilled() {
    List<Work> schedule = List.of(work(0, prompt(1, 20), 30), work(2 * STEP, prompt(2, 600), 1));

    List<Fate> fates = VirtualServer.play(profile(400, true), schedule);

    long begun = fates.get(1).admittedNanos;
    long done = fates.get(1).tokenNanos.getFirst();
    assertThat(fates.get(0).tokenNanos)
        .filteredOn(at -> at > begun && at <= done)
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void theSecondOfTwoEqualPromptsFindsAllButItsLastBlock() {
    List<Work> schedule = List.of(work(0, prompt(1, 160), 1), work(50 * STEP, prompt(1, 160), 1));

    List<Fate> fates = VirtualServer.play(profile(400, true), schedule);

    assertThat(fates).extracting(fate -> fate.cached).containsExactly(0, 144);
    assertThat(fates.get(1).ttft()).isLessThan(fates.get(0).ttft());
  }

  @Test
  void aPromptThatContinuesAnAnswerFindsTheAnswer() {
    int[] first = prompt(1, 32);
    int[] followUp = IntStream.range(0, 96).map(i -> i < 32 ? first[i] : 7_000 + i - 32).toArray();
    List<Work> schedule = List.of(work(0, first, 60), work(500 * STEP, followUp, 1));

    List<Fate> fates = VirtualServer.play(profile(400, true), schedule);

    // The last token of the answer was never computed: 32 + 59 tokens are five full blocks.
    assertThat(fates.get(1).cached).isEqualTo(80);
  }

  @Test
  void aPrefixThatWasEvictedIsComputedAgain() {
    List<Work> schedule =
        List.of(
            work(0, prompt(1, 320), 1),
            work(100 * STEP, prompt(2, 600), 1),
            work(200 * STEP, prompt(1, 320), 1));

    List<Fate> fates = VirtualServer.play(profile(40, true), schedule);

    assertThat(fates.get(2).cached).isLessThan(64);
  }

  @Test
  void aRequestWaitsUntilItsPromptFits() {
    List<Work> schedule = List.of(work(0, prompt(1, 600), 10), work(1, prompt(2, 600), 1));

    List<Fate> fates = VirtualServer.play(profile(40, true), schedule);

    assertThat(fates.get(1).admittedNanos).isGreaterThanOrEqualTo(fates.get(0).finishedNanos - 500);
  }

  @Test
  void noMoreRunAtOnceThanAllowed() {
    VirtualServer server = new VirtualServer(profile(400, true, 3, 256));
    List<Work> schedule = IntStream.range(0, 20).mapToObj(i -> work(0, prompt(i, 20), 20)).toList();

    server.play(
        schedule, (engine, _) -> assertThat(engine.state().running()).isLessThanOrEqualTo(3));

    assertThat(server.inOrder).allSatisfy(fate -> assertThat(fate.tokenNanos).hasSize(20));
  }

  @Test
  void anAbortedRequestLeavesItsBlocksAndSaysNothingMore() {
    VirtualServer server = new VirtualServer(profile(400, true));
    long running = server.submit(work(0, prompt(1, 100), 50));
    long waiting = server.submit(work(1_000 * STEP, prompt(2, 100), 50));
    server.engine.begin(0);

    assertThat(server.engine.abort(running)).isTrue();
    assertThat(server.engine.abort(waiting)).isTrue();
    assertThat(server.engine.abort(running)).isFalse();
    server.engine.complete();

    assertThat(server.engine.state().heldBlocks()).isZero();
    assertThat(server.engine.begin(STEP)).isEqualTo(Engine.IDLE);
    assertThat(server.inOrder.getFirst().tokenNanos).isEmpty();
  }

  @Test
  void aResetPrefixCacheFindsNothing() {
    VirtualServer server = new VirtualServer(profile(400, true));
    server.play(List.of(work(0, prompt(1, 160), 1)), (_, _) -> {});

    server.engine.resetPrefixCache();
    server.play(List.of(work(server.now, prompt(1, 160), 1)), (_, _) -> {});

    assertThat(server.inOrder.get(1).cached).isZero();
    assertThat(server.engine.state().prefixQueries()).isEqualTo(320);
    assertThat(server.engine.state().prefixHits()).isZero();
  }

  @Test
  void aRequestLongerThanTheContextIsRefused() {
    VirtualServer server = new VirtualServer(profile(400, true));

    assertThatThrownBy(() -> server.submit(work(0, prompt(1, 600), 41)))
        .hasMessage("600 prompt and 41 output tokens asked for; expected at most 640 together");
  }
}
