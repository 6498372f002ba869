package dev.kvasir.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.client.Answers;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.OpenRuns;
import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanedRunsTest {

  @TempDir private Path folder;

  @Test
  void aRunWhoseGeneratorDiedIsClosedAsAbortedWithWhatTheLogHolds() throws Exception {
    try (TestLog log = TestLog.start(folder.resolve("kafka"))) {
      RunFinished ended = completeRun(log);
      RunStarted template = log.events(Topic.RUNS, RunStarted.class).getFirst();
      RunStarted orphan =
          RunStarted.newBuilder(template)
              .setRun(5)
              .setId("orphan")
              .setPlannedRequests(9L)
              .setWarmUpRequests(1)
              .build();
      RequestSent cut = sent(5, 1);
      publish(log, orphan, sent(5, 0), cut, token(5, 0), token(5, 1), finished(5, 2));

      List<RunFinished> closed;
      try (Generator generator = open(log)) {
        closed = generator.closeOrphanedRuns();
        assertThat(generator.closeOrphanedRuns()).isEmpty();
      }

      assertThat(closed).hasSize(1);
      RunFinished end = closed.getFirst();
      assertThat(end.getRun()).isEqualTo(5);
      assertThat(end.getVerdict()).isEqualTo(Verdict.ABORTED);
      assertThat(end.getRequestsSent()).isEqualTo(2);
      assertThat(end.getRequestsFinished()).isEqualTo(10);
      assertThat(end.getTokensReceived()).isEqualTo(2);
      assertThat(end.getOutcomes()).isEqualTo(Map.of("OK", 1L, "ABORTED", 8L));
      assertThat(log.events(Topic.REQUESTS, RequestFinished.class))
          .filteredOn(request -> request.getRun() == 5 && request.getOrdinal() == 1)
          .singleElement()
          .satisfies(request -> {
            assertThat(request.getOutcome()).isEqualTo(Outcome.ABORTED);
            assertThat(request.getError()).contains("generator died");
            assertThat(request.getDueAt()).isEqualTo(cut.getDueAt());
            assertThat(request.getSentAt()).isEqualTo(cut.getAt());
            assertThat(request.getFirstContentAt()).isEqualTo(request.getAt());
            assertThat(request.getChunks()).isEqualTo(1);
          });
      assertThat(log.events(Topic.REQUESTS, RequestFinished.class))
          .filteredOn(request -> request.getRun() == 5)
          .extracting(RequestFinished::getOrdinal)
          .containsExactlyInAnyOrder(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8);
      assertThat(end.getReasons())
          .containsExactly(
              "its generator died; 1 of 9 planned requests had ended",
              "of 8 requests it is not known whether they were sent",
              "1 tokens of requests that had ended never reached the log");
      assertThat(log.events(Topic.RUNS, RunFinished.class)).containsExactlyInAnyOrder(ended, end);
    }
  }

  @Test
  void theNextGeneratorOnAHomeEndsTheRunsOfOneThatDiedThereAndNoOthers() throws Exception {
    try (TestLog log = TestLog.start(folder.resolve("kafka"))) {
      completeRun(log);
      RunStarted template = log.events(Topic.RUNS, RunStarted.class).getFirst();
      RunStarted elsewhere = RunStarted.newBuilder(template).setRun(6).setId("elsewhere").build();
      RunStarted unheard = RunStarted.newBuilder(template).setRun(7).setId("unheard").build();
      publish(log, elsewhere);
      // What a generator leaves that was killed before Kafka had anything of its run.
      OpenRuns.of(PublisherSettings.of(log.bootstrapServers(), Registry.embedded(), scratch()))
          .claim(unheard);
      Files.createDirectories(spill());
      Files.copy(scratch().resolve("run-7.spill"), spill().resolve("run-7.spill"));

      try (Generator generator = open(log)) {
        assertThat(generator.closeAbandonedRuns())
            .extracting(RunFinished::getRun)
            .containsExactly(7L);
        assertThat(generator.closeAbandonedRuns()).isEmpty();
      }

      assertThat(log.events(Topic.RUNS, RunStarted.class)).contains(unheard);
      assertThat(log.events(Topic.RUNS, RunFinished.class))
          .extracting(RunFinished::getRun)
          .doesNotContain(6L)
          .contains(7L);
      assertThat(spill().resolve("run-7.spill")).doesNotExist();
    }
  }

  @Test
  void tokensThatHaveLeftTheLogAreNotMissed() throws Exception {
    try (TestLog log = TestLog.start(folder.resolve("kafka"))) {
      completeRun(log);
      RunStarted template = log.events(Topic.RUNS, RunStarted.class).getFirst();
      RunStarted orphan =
          RunStarted.newBuilder(template).setRun(8).setId("soak").setPlannedRequests(2L).build();
      publish(log, orphan, sent(8, 0), token(8, 0), finished(8, 1));
      log.expire(Topic.TOKENS);
      publish(log, sent(8, 1), token(8, 1));

      try (Generator generator = open(log)) {
        RunFinished end = generator.closeOrphanedRuns().getFirst();

        assertThat(end.getTokensReceived()).isEqualTo(2);
        assertThat(end.getReasons())
            .containsExactly("its generator died; 1 of 2 planned requests had ended");
      }
    }
  }

  private Path spill() {
    return folder.resolve("spill");
  }

  private Path scratch() {
    return folder.resolve("scratch");
  }

  private RunFinished completeRun(TestLog log) throws Exception {
    try (Generator generator = open(log);
        ScriptedServer server =
            ScriptedServer.start((request, out) -> Answers.write(out, Answers.good(2)))) {
      return Plans.execute(generator, Plans.of("whole", "concurrency: [1]", server.url(), 2, 0))
          .getFirst()
          .finished();
    }
  }

  private Generator open(TestLog log) {
    return Generator.open(log.generator(folder));
  }

  private void publish(TestLog log, SpecificRecord... events) throws Exception {
    PublisherSettings settings =
        PublisherSettings.of(log.bootstrapServers(), Registry.embedded(), folder.resolve("spill"));
    try (EventPublisher publisher = EventPublisher.start(settings, Ticker.system())) {
      List.of(events).forEach(publisher::publish);
      assertThat(publisher.flush(Duration.ofSeconds(20))).isTrue();
    }
  }

  private static RequestSent sent(long run, int ordinal) {
    return RequestSent.newBuilder()
        .setRun(run)
        .setOrdinal(ordinal)
        .setAt(now())
        .setDueAt(now())
        .setPhase(Phase.MEASURE)
        .build();
  }

  private static TokenReceived token(long run, int ordinal) {
    return new TokenReceived(run, ordinal, 0, now(), null, null, null, null, 1, 1);
  }

  private static RequestFinished finished(long run, int chunks) {
    return RequestFinished.newBuilder()
        .setRun(run)
        .setOrdinal(0)
        .setAt(now())
        .setOutcome(Outcome.OK)
        .setDueAt(now())
        .setSentAt(now())
        .setChunks(chunks)
        .setPhase(Phase.MEASURE)
        .setTimeoutNanos(1)
        .build();
  }

  private static long now() {
    return WallClock.system().epochNanos();
  }
}
