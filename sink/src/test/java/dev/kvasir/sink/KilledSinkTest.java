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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KilledSinkTest {

  private static final int KILLS = 4;

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 20_261_122)
  void afterKillsAtAnyMomentTheTablesHoldTheTopicsExactly(long seed) throws Exception {
    Random random = new Random(seed);
    List<SpecificRecord> published = new ArrayList<>();
    AtomicBoolean publishing = new AtomicBoolean(true);
    try (TestLog log = new TestLog(folder)) {
      Thread publisher = Thread.ofPlatform().start(() -> publish(log, published, publishing, seed));
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
        Pause.of(Duration.ofMillis(random.nextInt(1_500)));
        sink.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      }
      publishing.set(false);
      publisher.join();
      assertThat(published).hasSizeGreaterThan(1_000);

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

  private static void publish(
      TestLog log, List<SpecificRecord> published, AtomicBoolean publishing, long seed) {
    Random random = new Random(seed);
    for (long run = 1; publishing.get(); run++) {
      List<SpecificRecord> events = new ArrayList<>();
      events.add(SampleRuns.started(run, "cpu", "rate=2.5", 1));
      events.addAll(SampleRuns.requests(run, 50, random));
      events.add(SampleRuns.finished(run, Verdict.VALID));
      log.publish(events);
      published.addAll(events);
    }
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
