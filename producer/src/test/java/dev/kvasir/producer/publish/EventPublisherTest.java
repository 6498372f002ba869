package dev.kvasir.producer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.TestLog;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Kafka that comes and goes. */
class EventPublisherTest {

  private static final Duration PATIENT = Duration.ofSeconds(60);
  private static final int EVENTS = 20_000;

  @TempDir private Path folder;

  @Test
  void whatIsPublishedWhileKafkaIsAwayArrivesOnceAndInOrder() throws Exception {
    try (TestLog log = TestLog.start(folder.resolve("kafka"));
        EventPublisher publisher = start(log, 64 << 20)) {
      publish(publisher, 0, EVENTS);
      log.stop();
      publish(publisher, EVENTS, 2 * EVENTS);
      assertThat(publisher.flush(Duration.ofSeconds(3))).isFalse();

      log.restart();

      assertThat(publisher.flush(PATIENT)).isTrue();
      assertThat(publisher.counts(1)).isEqualTo(new PublishedCounts(0, 0, 2L * EVENTS, 0, 0));
      assertComplete(log, 2 * EVENTS);
      assertThat(publisher.backlog()).isEqualTo(new Backlog(0, 0, 0));
    }
  }

  @Test
  void whatFindsNoRoomInMemoryWaitsInAFile() throws Exception {
    try (TestLog log = TestLog.start(folder.resolve("kafka"));
        EventPublisher publisher = start(log, 10_000)) {
      publish(publisher, 0, 100);
      assertThat(publisher.flush(PATIENT)).isTrue();
      log.stop();
      publish(publisher, 100, EVENTS);
      Awaitility.await().atMost(PATIENT).until(() -> publisher.backlog().spilledBytes() > 500_000);
      assertThat(publisher.backlog().memoryBytes()).isLessThanOrEqualTo(10_000);

      log.restart();

      assertThat(publisher.flush(PATIENT)).isTrue();
      assertThat(publisher.counts(1).tokensReceived()).isEqualTo(EVENTS);
      assertThat(publisher.counts(1).lost()).isZero();
      assertComplete(log, EVENTS);
      assertThat(publisher.backlog().spilledBytes()).isZero();
    }
    assertThat(spillFiles()).isEmpty();
  }

  @Test
  void whatKafkaDoesNotTakeBeforeTheEndIsLeftForTheNextPublisherWhichSendsItOnce()
      throws Exception {
    try (TestLog log = TestLog.start(folder.resolve("kafka"))) {
      try (EventPublisher publisher = start(log, 100_000)) {
        publish(publisher, 0, 100);
        assertThat(publisher.flush(PATIENT)).isTrue();
        log.stop();
        publish(publisher, 100, EVENTS);
      }
      assertThat(spillFiles()).hasSize(1);
      log.restart();
      repeatTheStartOf(spillFiles().getFirst());

      assertThat(Leftovers.send(settings(log, 1 << 20))).isEqualTo(EVENTS - 100);

      assertThat(spillFiles()).isEmpty();
      assertThat(log.events(Topic.TOKENS, TokenReceived.class))
          .extracting(TokenReceived::getIndex)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, EVENTS).boxed().toList());
      assertThat(Leftovers.send(settings(log, 1 << 20))).isZero();
    }
  }

  @Test
  void whatIsHeldWaitsInAFileThatIsNoLeftoverAndFollowsInOrder() throws Exception {
    try (TestLog log = TestLog.start(folder.resolve("kafka"));
        EventPublisher publisher = start(log, 64 << 20)) {
      publish(publisher, 0, 100);
      assertThat(publisher.flush(PATIENT)).isTrue();

      publisher.hold();
      publish(publisher, 100, EVENTS);

      Awaitility.await().atMost(PATIENT).until(() -> publisher.backlog().spilledBytes() > 500_000);
      assertThat(publisher.flush(Duration.ZERO)).isFalse();
      assertThat(publisher.counts(1).tokensReceived()).isEqualTo(100);
      assertThat(Leftovers.send(settings(log, 1 << 20))).isZero();
      assertComplete(log, 100);

      publisher.release();
      publish(publisher, EVENTS, EVENTS + 100);

      assertThat(publisher.flush(PATIENT)).isTrue();
      assertThat(publisher.counts(1).tokensReceived()).isEqualTo(EVENTS + 100);
      assertComplete(log, EVENTS + 100);
      assertThat(publisher.backlog()).isEqualTo(new Backlog(0, 0, 0));
    }
    assertThat(spillFiles()).isEmpty();
  }

  /** A writer that dies leaves a record cut short; one that died later, events that Kafka has. */
  private static void repeatTheStartOf(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    Path second = file.resolveSibling("left-second.spill");
    Files.write(second, java.util.Arrays.copyOf(all, all.length / 2));
  }

  @Test
  void whatOverflowsTheQueueIsCounted() throws Exception {
    try (TestLog log = TestLog.start(folder.resolve("kafka"));
        EventPublisher publisher =
            EventPublisher.start(
                new PublisherSettings(
                    log.bootstrapServers(), Registry.embedded(), spill(), 1 << 20, 2),
                Ticker.system())) {
      publish(publisher, 0, EVENTS);

      assertThat(publisher.flush(PATIENT)).isTrue();
      PublishedCounts counts = publisher.counts(1);
      assertThat(counts.lost()).isPositive();
      assertThat(counts.tokensReceived() + counts.lost()).isEqualTo(EVENTS);
      assertThat(log.events(Topic.TOKENS)).hasSize((int) counts.tokensReceived());
    }
  }

  @Test
  void aKafkaThatIsNotThereIsNamed() {
    PublisherSettings settings = PublisherSettings.of("127.0.0.1:1", Registry.embedded(), spill());

    assertThatThrownBy(() -> EventPublisher.start(settings, Ticker.system()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("127.0.0.1:1");
    assertThat(spillFiles()).isEmpty();
  }

  private EventPublisher start(TestLog log, long memoryBytes) {
    return EventPublisher.start(settings(log, memoryBytes), Ticker.system());
  }

  private PublisherSettings settings(TestLog log, long memoryBytes) {
    return PublisherSettings.of(log.bootstrapServers(), Registry.embedded(), spill())
        .withMemoryBytes(memoryBytes);
  }

  private Path spill() {
    return folder.resolve("spill");
  }

  private List<Path> spillFiles() {
    try (Stream<Path> files = Files.list(spill())) {
      return files.toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void publish(EventPublisher publisher, int from, int to) {
    long now = WallClock.system().epochNanos();
    IntStream.range(from, to)
        .forEach(index ->
            publisher.publish(new TokenReceived(1L, 7, index, now, 1, null, null, null, 1, 1)));
  }

  /** All of one request, in one partition: any loss, duplicate or disorder shows. */
  private static void assertComplete(TestLog log, int events) {
    assertThat(log.events(Topic.TOKENS, TokenReceived.class))
        .extracting(TokenReceived::getIndex)
        .isEqualTo(IntStream.range(0, events).boxed().toList());
  }
}
