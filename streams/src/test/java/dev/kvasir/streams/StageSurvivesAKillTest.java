package dev.kvasir.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real stage on a real broker, killed at any moment while events keep coming. */
class StageSurvivesAKillTest {

  private static final long RUN = 7;
  private static final int REQUESTS = 2_000;
  private static final int KILLS = 3;
  private static final int PARTS = 200;
  private static final int PARTS_PER_KILL = PARTS / (KILLS + 1);
  private static final Duration SENDING = Duration.ofSeconds(12);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The run's parts that may be sent. */
  private final Semaphore parts = new Semaphore(PARTS_PER_KILL);

  private final AtomicLong chunksSent = new AtomicLong();

  @TempDir private Path folder;

  @Test
  void noEventIsLostAndNoneIsCountedTwice() throws Exception {
    long seed = Long.getLong("seed", 5);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    RunEvents run = RunEvents.ofRun(RUN);
    List<SpecificRecord> events = run.random(REQUESTS, 60_000, random);

    try (var broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        var log = new Log(broker.bootstrapServers())) {
      StageProcess stage = start(broker);
      try {
        var sending = new FutureTask<>(() -> send(log, run, events), null);
        Thread.ofPlatform().daemon().start(sending);
        awaitWindow(log);
        for (int kill = 1; kill <= KILLS; kill++) {
          Pause.of(Duration.ofMillis(random.nextInt(2_000)));
          stage.kill();
          log.readAll();
          long killed = Ticker.system().nanos();
          stage = start(broker);
          long sent = chunksSent.get();
          parts.release(PARTS_PER_KILL);
          await().atMost(LIMIT).until(() -> chunksCounted(log) > sent);
          double seconds = (Ticker.system().nanos() - killed) / 1e9;
          System.out.printf(
              "kill %d: a token sent after the restart was counted after %.1f s%n", kill, seconds);
        }
        sending.get();
        ExactWindows exact = new ExactWindows(events);
        await()
            .atMost(LIMIT)
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(() -> {
              log.readAll();
              assertThat(log.windows().size()).isGreaterThan(4 * 55);
              assertThat(log.whole(RUN).getLate()).isZero();
              log.windows().forEach(exact::check);
            });
      } finally {
        stage.kill();
      }
    }
  }

  private void send(Log log, SpecificRecord event) {
    log.send(event);
    if (event instanceof TokenReceived token && TokenMetrics.measured(token)) {
      chunksSent.incrementAndGet();
    }
  }

  private void send(Log log, RunEvents run, List<SpecificRecord> events) {
    try {
      log.send(run.started());
      for (int part = 0; part < PARTS; part++) {
        parts.acquire();
        events
            .subList(part * events.size() / PARTS, (part + 1) * events.size() / PARTS)
            .forEach(event -> send(log, event));
        Pause.of(SENDING.dividedBy(PARTS));
      }
      log.send(run.ended(70_000, events));
      log.flush();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitWindow(Log log) {
    await().atMost(LIMIT).until(() -> log.read(Duration.ofMillis(50)));
  }

  private static long chunksCounted(Log log) {
    log.read(Duration.ofMillis(50));
    return log.whole(RUN).getChunks();
  }

  private StageProcess start(EmbeddedBroker broker) throws Exception {
    return StageProcess.start(
        broker.bootstrapServers(), folder.resolve("streams"), Path.of("target", "stage.log"));
  }
}
