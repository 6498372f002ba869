package dev.kvasir.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.Verdict;
import dev.kvasir.sink.warehouse.DoorClient;
import dev.kvasir.sink.warehouse.QueryLimits;
import dev.kvasir.sink.warehouse.QueryRefusedException;
import dev.kvasir.sink.warehouse.SampleRuns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a greedy query through the door costs the loading: time, and nothing else. */
class SinkUnderQueriesTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long LITTLE_MEMORY = 96L << 20;

  @TempDir Path folder;
  private TestLog log;
  private final List<SpecificRecord> published = new ArrayList<>();
  private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void startBroker() throws Exception {
    log = new TestLog(folder);
  }

  @AfterEach
  void stopBroker() {
    askers.shutdownNow();
    log.close();
  }

  @Test
  void aSlowQueryIsCancelledAtItsLimitAndEverythingLandsMeanwhile() throws Exception {
    try (SinkStage sink = SinkStage.start(settings(Duration.ofSeconds(3)));
        DoorClient door = new DoorClient(sink.door(), TestLog.TOKEN)) {
      CompletableFuture<Void> slow =
          ask(door, "SELECT sum(a.range * b.range % 7) FROM range(10000000) a, range(10000000) b");
      loadUntil(slow, sink);

      assertThatThrownBy(slow::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(QueryRefusedException.class)
          .hasMessageContaining("limit of 3 s");
      assertEverythingLanded(sink);
    }
  }

  @Test
  void aQueryThatTakesAllTheMemoryFailsAndTheLoaderLosesNoBatch() throws Exception {
    try (SinkStage sink = SinkStage.start(settings(Duration.ofSeconds(8)));
        DoorClient door = new DoorClient(sink.door(), TestLog.TOKEN)) {
      List<CompletableFuture<Void>> greedy = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        greedy.add(ask(door, "SELECT len(list(range)) FROM range(2000000000)"));
      }
      CompletableFuture<Void> all =
          CompletableFuture.allOf(greedy.toArray(CompletableFuture[]::new));
      loadUntil(all, sink);

      assertThat(greedy).allMatch(CompletableFuture::isCompletedExceptionally);
      assertEverythingLanded(sink);
      assertThat(door.query("SELECT 1").rows()).isEqualTo(List.of(List.of(1)));
    }
  }

  private SinkSettings settings(Duration time) {
    SinkSettings usual = log.settings(folder);
    return new SinkSettings(
        usual.bootstrapServers(),
        usual.registry(),
        usual.warehouse(),
        usual.exports(),
        0,
        TestLog.TOKEN,
        LITTLE_MEMORY,
        new QueryLimits(time, 100));
  }

  private CompletableFuture<Void> ask(DoorClient door, String sql) {
    return CompletableFuture.runAsync(() -> door.query(sql), askers);
  }

  /** Publishes runs for as long as a query goes on, and one more. */
  private void loadUntil(CompletableFuture<Void> query, SinkStage sink) throws Exception {
    Random random = new Random(5);
    boolean done = false;
    for (long run = 1; !done; run++) {
      done = query.isDone();
      List<SpecificRecord> events = new ArrayList<>();
      events.add(SampleRuns.started(run, "cpu", "rate=2.5", 1));
      events.addAll(SampleRuns.requests(run, 20, random));
      events.add(SampleRuns.finished(run, Verdict.VALID));
      log.publish(events);
      published.addAll(events);
      assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();
    }
  }

  private void assertEverythingLanded(SinkStage sink) {
    assertThat(sink.failure()).isNull();
    assertThat(SinkStageTest.rowsByTable(sink)).isEqualTo(SinkStageTest.eventsByTable(published));
  }
}
