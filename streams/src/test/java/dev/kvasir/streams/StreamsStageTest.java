package dev.kvasir.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import dev.kvasir.topic.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsStageTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aStageThatIsClosedAndStartedAgainGoesOnWhereItWas() throws Exception {
    RunEvents run = RunEvents.ofRun(1);
    List<SpecificRecord> events = new ArrayList<>();
    try (var log = new Log(broker.bootstrapServers())) {
      log.send(run.started(RunEvents.ruleThatClearsAt(-1, "tokens_per_second", true, 0, 1)));
      try (var stage = StreamsStage.start(settings())) {
        stage.awaitRunning(LIMIT);
        events.addAll(run.answered(0, 0, 0, 100, 5, 10));
        events.forEach(log::send);
        awaitChunks(log, 1, 5);
      }
      List<SpecificRecord> later = run.answered(1, 1_000, 1_000, 1_100, 7, 10);
      later.forEach(log::send);
      events.addAll(later);
      log.send(run.ended(2_000, events));
      long before = Ticker.system().nanos();
      try (var stage = StreamsStage.start(settings())) {
        stage.awaitRunning(LIMIT);
        awaitChunks(log, 1, 12);
        System.out.printf(
            "counted again %.1f s after the start%n", (Ticker.system().nanos() - before) / 1e9);
        await().atMost(LIMIT).until(() -> isSettled(log));
      }
      log.readAll();
      assertThat(log.alerts()).filteredOn(AlertRaised.class::isInstance).hasSize(1);

      Map<String, WindowMeasured> measured = log.windowsByPlace();
      long made = Recomputation.of(settings(), LIMIT);
      log.readAll();
      assertThat(made).as("windows made anew").isPositive();
      assertThat(log.windowsByPlace())
          .as("windows that were measured before")
          .containsAllEntriesOf(measured);
      assertThat(log.alerts()).filteredOn(AlertRaised.class::isInstance).hasSize(1);
    }
  }

  /** Whether every window over the whole run that ends after the last request tells of both. */
  private static boolean isSettled(Log log) {
    log.read(Duration.ofMillis(20));
    return log.windows().stream()
        .filter(window -> window.getRun() == 1 && window.getSeconds() == 0)
        .filter(window -> window.getEndSecond() > RunEvents.START + 1)
        .allMatch(window -> window.getOk() == 2 && window.getChunks() == 12);
  }

  @Test
  void aTokenIsSeenInAWindowSoonAfterItCame() throws Exception {
    try (var log = new Log(broker.bootstrapServers());
        var stage = StreamsStage.start(settings())) {
      stage.awaitRunning(LIMIT);
      List<Double> delays = new ArrayList<>();
      List<SpecificRecord> tokens = new ArrayList<>();
      for (int index = 0; index < 30; index++) {
        long at = WallClock.system().epochNanos();
        tokens.add(new TokenReceived(2L, 0, index, at, 1, null, 1L, 1L, index, 1));
        log.send(tokens.getLast());
        log.flush();
        awaitChunks(log, 2, index + 1);
        delays.add((WallClock.system().epochNanos() - at) / 1e6);
      }
      log.send(RunEvents.ofRun(2).ended(0, tokens));
      log.flush();
      delays.sort(null);
      System.out.printf(
          "from a token to its window: median %.0f ms, longest %.0f ms%n",
          delays.get(15), delays.getLast());
    }
  }

  @Test
  void kafkaWithoutOurTopicsIsRefusedWithTheRemedy() throws Exception {
    try (var empty = EmbeddedBroker.start(folder.resolve("empty"), 0)) {
      var settings =
          StreamsSettings.of(
              empty.bootstrapServers(), Registry.embedded(), folder.resolve("nothing"));

      assertThatThrownBy(() -> StreamsStage.start(settings))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(empty.bootstrapServers())
          .hasMessageContaining("create the topics")
          .hasMessageContaining("kvasir.tokens");
    }
  }

  private static StreamsSettings settings() {
    return StreamsSettings.of(
        broker.bootstrapServers(), Registry.embedded(), folder.resolve("streams"));
  }

  private static void awaitChunks(Log log, long run, long chunks) {
    log.flush();
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          log.read(Duration.ofMillis(20));
          WindowMeasured whole = log.whole(run);
          return whole != null && whole.getChunks() >= chunks;
        });
    assertThat(log.whole(run).getChunks()).isEqualTo(chunks);
  }
}
