package dev.kvasir.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.Verdict;
import dev.kvasir.sink.warehouse.SampleRuns;
import dev.kvasir.sink.warehouse.WarehouseException;
import dev.kvasir.time.Pause;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KilledSinkTest {

  private static final int KILLS = 4;
  private static final int RUNS_PER_KILL = 300;

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 20_261_122)
  void afterKillsAtAnyMomentTheTablesHoldTheTopicsExactly(long seed) throws Exception {
    Random random = new Random(seed);
    Semaphore runs = new Semaphore(0);
    try (TestLog log = new TestLog(folder)) {
      FutureTask<List<SpecificRecord>> publishing =
          new FutureTask<>(() -> publish(log, runs, seed));
      Thread.ofPlatform().daemon().start(publishing);
      for (int kill = 0; kill < KILLS; kill++) {
        Path loading = folder.resolve("loading-" + kill);
        Process sink = start(log, loading);
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> Files.exists(loading) || !sink.isAlive());
        assertThat(sink.isAlive()).as("the sink works until it is killed").isTrue();
        assertThatThrownBy(() -> SinkStage.start(log.settings(folder)).close())
            .isInstanceOf(WarehouseException.class)
            .hasMessageContaining("held by another process");
        runs.release(RUNS_PER_KILL);
        Pause.of(Duration.ofMillis(random.nextInt(1_500)));
        sink.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      }
      List<SpecificRecord> published = publishing.get();

      try (SinkStage sink = SinkStage.start(log.settings(folder))) {
        assertThat(sink.awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
        assertThat(SinkStageTest.rowsByTable(sink))
            .isEqualTo(SinkStageTest.eventsByTable(published));
        assertThat(
                sink.queries()
                    .query(
                        "SELECT run, ordinal, index FROM tokens GROUP BY ALL HAVING count(*) > 1")
                    .rows())
            .isEmpty();
      }
    }
  }

  /** Publishes each run when it may be, and gives all their events. */
  private static List<SpecificRecord> publish(TestLog log, Semaphore runs, long seed)
      throws InterruptedException {
    Random random = new Random(seed);
    List<SpecificRecord> published = new ArrayList<>();
    for (long run = 1; run <= KILLS * RUNS_PER_KILL; run++) {
      runs.acquire();
      List<SpecificRecord> events = new ArrayList<>();
      events.add(SampleRuns.started(run, "cpu", "rate=2.5", 1));
      events.addAll(SampleRuns.requests(run, 50, random));
      events.add(SampleRuns.finished(run, Verdict.VALID));
      log.publish(events);
      published.addAll(events);
    }
    return published;
  }

  private Process start(TestLog log, Path loading) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx384m");
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(arg -> arg.startsWith("--"))
            .toList());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SinkProcess.class.getName());
    command.addAll(List.of(log.bootstrapServers(), folder.toString(), loading.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("sink.log").toFile()))
        .start();
  }
}
