package dev.kvasir.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestReported;
import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KvasirTopologyTest {

  private static final RunEvents RUN = RunEvents.ofRun(7);
  private static final Duration ONE_TICK = Duration.ofMillis(400);
  private static final Duration SETTLED = Duration.ofMillis(1500);

  @Test
  void theTopologyIsTheOneInTheGoldenFile() throws IOException {
    Path golden = Path.of("src/test/resources/dev/kvasir/streams/topology.txt");
    String found = KvasirTopology.of(Registry.embedded()).describe().toString();

    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(golden, found);
    }
    assertThat(found).isEqualTo(Files.readString(golden));
  }

  @Test
  void anAnswerIsCountedInEveryWindowThatCoversIt() {
    try (var topology = new DrivenTopology()) {
      topology.send(RUN.answered(0, 100, 110, 150, 5, 20));
      topology.pass(SETTLED);

      for (int seconds : new int[] {1, 10, 60, 0}) {
        WindowMeasured window = topology.window(7, seconds, 1);
        assertThat(window.getSent()).isEqualTo(1);
        assertThat(window.getOk()).isEqualTo(1);
        assertThat(window.getChunks()).isEqualTo(5);
        assertThat(window.getTokens()).isEqualTo(5);
        assertThat(window.getAttainment()).isEqualTo(1.0);
        assertThat(window.getTtft().getMaxNanos()).isEqualTo(50e6);
        assertThat(window.getTtftSent().getMaxNanos()).isEqualTo(40e6);
        assertThat(window.getItl().getCount()).isEqualTo(4);
        assertThat(window.getTpot().getMeanNanos()).isEqualTo(20e6);
        assertThat(window.getE2e().getMaxNanos()).isEqualTo(130e6);
        assertThat(window.getInFlight()).isZero();
        assertThat(window.getOldestWaitNanos()).isNull();
      }
      assertThat(topology.window(7, 1, 2).getChunks()).isZero();
      assertThat(topology.window(7, 1, 2).getAttainment()).isNull();
      assertThat(topology.window(7, 10, 2).getChunks()).isEqualTo(5);
    }
  }

  @Test
  void warmUpIsInFlightAndCountedInNothingElse() {
    try (var topology = new DrivenTopology()) {
      topology.send(RUN.sent(-1, 0, 10));
      topology.pass(ONE_TICK);

      assertThat(topology.newest(7, 0).getInFlight()).isEqualTo(1);
      assertThat(topology.newest(7, 0).getSent()).isZero();

      topology.send(RUN.answered(-2, 0, 10, 50, 5, 10));
      topology.pass(SETTLED);

      WindowMeasured whole = topology.newest(7, 0);
      assertThat(whole.getInFlight()).isEqualTo(1);
      assertThat(whole.getChunks() + whole.getOk() + whole.getBreached()).isZero();
      assertThat(whole.getTtft()).isNull();
      assertThat(whole.getAttainment()).isNull();
    }
  }

  @Test
  void whatWasImportedBelongsToNoWindow() {
    try (var topology = new DrivenTopology()) {
      topology.send(
          List.of(
              TokenReceived.newBuilder()
                  .setRun(9)
                  .setOrdinal(0)
                  .setIndex(0)
                  .setAt(1_000_000_000)
                  .setReadBatch(0)
                  .setFlags(TokenMetrics.importedFlags(Phase.MEASURE))
                  .build(),
              RequestReported.newBuilder().setRun(9).setOrdinal(0).setAt(1_000_000_000).build(),
              RequestFinished.newBuilder()
                  .setRun(9)
                  .setOrdinal(0)
                  .setAt(1_000_000_000)
                  .setOutcome(Outcome.OK)
                  .setDueAt(0)
                  .setChunks(1)
                  .setPhase(Phase.MEASURE)
                  .setTimeoutNanos(1)
                  .setEpoch(-1)
                  .build()));
      topology.send(RUN.answered(0, 0, 0, 100, 2, 10));
      topology.pass(SETTLED);

      assertThat(topology.windows()).isNotEmpty().allMatch(window -> window.getRun() == 7);
      assertThat(topology.newest(7, 0).getUndecodable()).isZero();
    }
  }

  @Test
  void aTokenThatComesLateChangesTheWindowsOfItsOwnTime() {
    try (var topology = new DrivenTopology()) {
      topology.send(RUN.answered(0, 0, 0, 100, 2, 10));
      topology.send(RUN.answered(1, 20_000, 20_000, 20_100, 2, 10));
      topology.pass(SETTLED);
      assertThat(topology.window(7, 10, 5).getChunks()).isEqualTo(2);

      topology.send(RUN.next(0, 2, 1, 10, 3_500));
      topology.pass(SETTLED);

      assertThat(topology.window(7, 1, 4).getChunks()).isEqualTo(1);
      assertThat(topology.window(7, 10, 5).getChunks()).isEqualTo(3);
      assertThat(topology.window(7, 10, 13).getChunks()).isEqualTo(1);
      assertThat(topology.window(7, 60, 21).getChunks()).isEqualTo(5);
      assertThat(topology.window(7, 0, 3).getChunks()).isEqualTo(2);
      assertThat(topology.window(7, 0, 21).getChunks()).isEqualTo(5);
    }
  }

  @Test
  void whatIsOlderThanEveryOpenPaneStillCountsInTheWholeRun() {
    try (var topology = new DrivenTopology()) {
      topology.send(RUN.answered(0, 0, 0, 100, 2, 10));
      topology.send(RUN.answered(1, 400_000, 400_000, 400_100, 2, 10));
      topology.pass(SETTLED);
      topology.send(RUN.next(0, 2, 1, 10, 500));
      topology.pass(SETTLED);
      topology.send(RUN.next(0, 3, 1, 10, 510));
      topology.pass(SETTLED);

      assertThat(topology.newest(7, 0).getChunks()).isEqualTo(6);
      assertThat(topology.newest(7, 60).getChunks()).isEqualTo(2);
    }
  }

  @Test
  void aPaneReplacesItsEarlierVersionsInsteadOfAddingToThem() {
    try (var topology = new DrivenTopology()) {
      List<SpecificRecord> events = RUN.answered(0, 0, 0, 100, 50, 10);
      for (SpecificRecord event : events) {
        topology.send(event);
        topology.pass(Duration.ofMillis(50));
      }
      topology.pass(SETTLED);

      assertThat(topology.newest(7, 0).getChunks()).isEqualTo(50);
      assertThat(topology.newest(7, 0).getTtft().getCount()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatFallsSilentIsSeenWithoutAnyNewToken() {
    try (var topology = new DrivenTopology()) {
      topology.send(RUN.started(RunEvents.rule("ttft_p99_ms", true, 200, 10, 0)));
      topology.send(RUN.answered(0, 0, 0, 100, 2, 10));
      topology.send(RUN.sent(1, 500, 510));
      topology.send(RUN.sent(2, 600, 600));
      topology.pass(ONE_TICK);
      WindowMeasured before = topology.newest(7, 10);
      assertThat(before.getAttainment()).isEqualTo(1.0);
      assertThat(before.getWaiting()).isEqualTo(2);
      assertThat(before.getBreached()).isZero();
      assertThat(topology.alerts()).isEmpty();

      topology.pass(Duration.ofSeconds(2));

      WindowMeasured after = topology.newest(7, 10);
      assertThat(after.getEndSecond()).isGreaterThan(before.getEndSecond());
      assertThat(after.getWaiting()).isEqualTo(2);
      assertThat(after.getBreached()).isEqualTo(2);
      assertThat(after.getAttainment()).isEqualTo(1.0 / 3);
      assertThat(after.getOldestWaitNanos()).isBetween(1_500_000_000L, 2_500_000_000L);
      assertThat(topology.alerts())
          .singleElement()
          .isInstanceOfSatisfying(
              AlertRaised.class,
              alert -> {
                assertThat(alert.getRule()).isEqualTo("ttft_p99_ms");
                long sloPassed = RunEvents.at(500) + 200_000_000L;
                assertThat(alert.getAt() - sloPassed)
                    .as("after the oldest wait has passed the limit, in the topology's own time")
                    .isBetween(0L, 2_000_000_000L);
              });

      topology.pass(Duration.ofSeconds(70));
      assertThat(topology.newest(7, 0).getOldestWaitNanos()).isGreaterThan(60_000_000_000L);
      assertThat(topology.newest(7, 1).getChunks()).isZero();
    }
  }

  @Test
  void whatCannotBeDecodedIsSkippedAndCounted() {
    try (var topology = new DrivenTopology()) {
      topology.sendBytes(Topic.TOKENS, EventKey.ofRequest(7, 0), new byte[] {1, 2, 3});
      topology.sendBytes(Topic.REQUESTS, null, null);
      topology.sendBytes(Topic.RUNS, EventKey.ofRun(7), new byte[] {0, 0, 0, 0, 99});
      topology.sendBytes(Topic.SAMPLES, new byte[0], new byte[0]);
      topology.send(RUN.answered(0, 0, 0, 100, 2, 10));
      topology.pass(SETTLED);

      assertThat(topology.newest(7, 0).getUndecodable()).isEqualTo(2);
      assertThat(topology.newest(7, 0).getOk()).isEqualTo(1);
    }
  }

  @Test
  void panesCloseAMinuteAfterTheRunAndWhatComesLaterIsLate() {
    try (var topology = new DrivenTopology()) {
      List<SpecificRecord> events = RUN.answered(0, 0, 0, 100, 5, 10);
      topology.send(events);
      topology.send(RUN.ended(2_000, events));
      topology.pass(Duration.ofSeconds(61));
      assertThat(topology.newest(7, 0).getLate()).isZero();

      topology.send(RUN.next(0, 5, 1, 10, 150));
      topology.send(RUN.next(0, 6, 1, 10, 160));
      topology.pass(SETTLED);

      WindowMeasured whole = topology.newest(7, 0);
      assertThat(whole.getLate()).isEqualTo(2);
      assertThat(whole.getChunks()).isEqualTo(5);
      assertThat(whole.getEndSecond()).isEqualTo(RunEvents.START + 3);
    }
  }

  @Test
  void aRunIsNotClosedBeforeItsEventsHaveBeenRead() {
    try (var topology = new DrivenTopology()) {
      List<SpecificRecord> events = RUN.answered(0, 0, 0, 100, 5, 10);
      topology.send(RUN.ended(1_000, events));
      topology.pass(Duration.ofMinutes(5));
      topology.send(events);
      topology.pass(SETTLED);

      assertThat(topology.newest(7, 0).getChunks()).isEqualTo(5);
      assertThat(topology.newest(7, 0).getLate()).isZero();
    }
  }

  @Test
  void runsAtTheSameTimeDoNotMix() {
    try (var topology = new DrivenTopology()) {
      RunEvents other = RunEvents.ofRun(8);
      var events = new ArrayList<>(RUN.answered(0, 0, 0, 100, 5, 10));
      events.addAll(other.answered(0, 0, 0, 100, 3, 10));
      Collections.shuffle(events, new Random(1));
      topology.send(events);
      topology.pass(SETTLED);

      assertThat(topology.newest(7, 0).getChunks()).isEqualTo(5);
      assertThat(topology.newest(8, 0).getChunks()).isEqualTo(3);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void windowsEqualExactOnes(long seed) {
    var random = new Random(seed);
    List<SpecificRecord> events = RUN.random(120, 70_000, random);
    try (var topology = new DrivenTopology()) {
      for (SpecificRecord event : events) {
        topology.send(event);
        if (random.nextInt(20) == 0) {
          topology.pass(Duration.ofMillis(250));
        }
      }
      topology.send(RUN.ended(75_000, events));
      topology.pass(Duration.ofSeconds(3));

      assertThat(topology.windows().size()).isGreaterThan(4 * 69);
      topology.windows().stream()
          .filter(window -> window.getEndSecond() <= RunEvents.START + 70)
          .forEach(new ExactWindows(events)::check);
    }
  }

  @Test
  void manyRunsOneAfterTheOtherLeaveNothingBehind() {
    List<Integer> kept = new ArrayList<>();
    try (var topology = new DrivenTopology()) {
      for (int number = 1; number <= 30; number++) {
        RunEvents run = RunEvents.ofRun(number);
        List<SpecificRecord> events = run.random(20, 5_000, new Random(number));
        topology.send(run.started(RunEvents.rule("success_rate", false, 0.9, 1, 2_000)));
        topology.send(events);
        topology.send(run.ended(6_000, events));
        topology.passQuickly(Duration.ofHours(1));
        kept.add(topology.entries());
      }
      assertThat(Collections.max(kept.subList(26, 30)))
          .as("entries after each run, with an hour between them: %s", kept)
          .isLessThanOrEqualTo(Collections.max(kept.subList(0, 26)));

      topology.passQuickly(Duration.ofHours(25));
      assertThat(topology.entries()).isZero();
    }
  }

  @Test
  void anAlertIsRaisedOnceAndClearedOnce() {
    try (var topology = new DrivenTopology()) {
      topology.send(RUN.started(RunEvents.rule("success_rate", false, 0.9, 1, 2_000)));
      for (int second = 0; second < 16; second++) {
        long ms = second * 1000L + 100;
        boolean broken = second >= 3 && second < 9;
        topology.send(
            broken
                ? List.of(RUN.finished(second, ms, ms + 5, Outcome.NOT_SENT).build())
                : RUN.answered(second, ms, ms, ms + 50, 2, 10));
        topology.pass(Duration.ofSeconds(1));
      }

      assertThat(topology.alerts()).hasSize(2);
      var raised = (AlertRaised) topology.alerts().getFirst();
      var cleared = (AlertCleared) topology.alerts().getLast();
      assertThat(raised.getValue()).isZero();
      assertThat(raised.getAt()).isEqualTo(RunEvents.at(6_000));
      assertThat(cleared.getValue()).isEqualTo(1.0);
      assertThat(cleared.getAt()).isEqualTo(RunEvents.at(12_000));
    }
  }

  @Test
  void aRuleThatIsLearnedLateJudgesWhatCameBefore() {
    try (var topology = new DrivenTopology()) {
      topology.send(gpuMemory(1_000, 0, 0.99));
      topology.pass(ONE_TICK);
      assertThat(topology.alerts()).isEmpty();

      topology.send(RUN.started(RunEvents.rule("gpu_memory_ratio", true, 0.95, 1, 0)));
      topology.pass(ONE_TICK);

      assertThat(topology.alerts()).singleElement().isInstanceOf(AlertRaised.class);
    }
  }

  @Test
  void theWorstOfSeveralGpusDecides() {
    try (var topology = new DrivenTopology()) {
      topology.send(RUN.started(RunEvents.rule("gpu_memory_ratio", true, 0.95, 1, 0)));
      topology.send(gpuMemory(1_000, 0, 0.5));
      topology.send(gpuMemory(1_000, 1, 0.97));
      topology.send(gpuMemory(2_000, 0, 0.5));
      topology.pass(ONE_TICK);

      assertThat(topology.alerts()).singleElement().isInstanceOf(AlertRaised.class);
    }
  }

  private static Sampled gpuMemory(long atMs, int gpu, double value) {
    return new Sampled(
        7L, RunEvents.at(atMs), SampleSource.GPU, "gpu_memory_ratio", RunEvents.gpu(gpu), value);
  }
}
