package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.app.pipeline.LogEnd;
import dev.kvasir.app.pipeline.Ports;
import dev.kvasir.app.pipeline.Topics;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers that keep three replicas, of which two must have an event. */
class ThreeBrokersTest {

  private static final int BROKERS = 3;
  private static final int EVENTS = 6_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final TopicLayout LAYOUT = new TopicLayout(4, (short) BROKERS, null);

  @TempDir private Path folder;
  private final List<Integer> ports = Ports.free(2 * BROKERS);
  private final LogAddress log =
      new LogAddress(
          ports.stream()
              .limit(BROKERS)
              .map(port -> "127.0.0.1:" + port)
              .collect(Collectors.joining(",")),
          LogAddress.EMBEDDED);
  private final List<StageProcess> brokers = new ArrayList<>();

  @AfterEach
  void stop() {
    brokers.forEach(StageProcess::kill);
  }

  @Test
  void noEventIsLostOrDoubledWhenOneOfThemDiesUnderLoad() throws Exception {
    startBrokers();
    try (EventPublisher publisher =
        EventPublisher.start(
            PublisherSettings.of(log.bootstrapServers(), log.schemas(), folder.resolve("spill")),
            Ticker.system())) {
      publish(publisher, 0, EVENTS / 3);
      assertThat(publisher.flush(PATIENCE)).isTrue();
      publish(publisher, EVENTS / 3, EVENTS / 2);

      brokers.get(1).kill();

      publish(publisher, EVENTS / 2, EVENTS);
      assertThat(publisher.flush(PATIENCE)).isTrue();
      assertThat(publisher.counts(1).lost()).isZero();
    }
    assertThat(indexes(log))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, EVENTS).boxed().toList());
  }

  @Test
  @Tag("long")
  void oneOfTwoStreamInstancesTakesOverWhatTheOtherCountedWhenItDies() throws Exception {
    List<String> options =
        List.of(
            "--bootstrap-servers",
            log.bootstrapServers(),
            "--schema-registry",
            log.registry(),
            "--replication=" + BROKERS);
    try (StageProcess first = StageProcess.kvasir(folder, "first", options, "stream");
        StageProcess second = StageProcess.kvasir(folder, "second", options, "stream")) {
      first.awaitSaying("kvasir waits: Kafka at .* does not answer");
      startBrokers();
      awaitSharing(log);
      takeOver(first, second);
    }
  }

  private void takeOver(StageProcess first, StageProcess second) throws InterruptedException {
    try (EventPublisher publisher =
        EventPublisher.start(
            PublisherSettings.of(log.bootstrapServers(), log.schemas(), folder.resolve("spill")),
            Ticker.system())) {
      publish(publisher, 0, EVENTS / 3);
      assertThat(publisher.flush(PATIENCE)).isTrue();
      await().atMost(PATIENCE).until(() -> wholeRun(log) > 0);
      publish(publisher, EVENTS / 3, EVENTS / 2);

      first.kill();
      brokers.get(2).kill();

      publish(publisher, EVENTS / 2, EVENTS);
      assertThat(publisher.flush(PATIENCE)).isTrue();
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(wholeRun(log)).as(second.said()).isEqualTo(EVENTS));
    }
  }

  /** Waits until two members of the stream stage's group have tokens to read. */
  private static void awaitSharing(LogAddress log) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", log.bootstrapServers()))) {
      await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(() ->
              admin
                      .describeConsumerGroups(List.of("kvasir-streams"))
                      .all()
                      .get()
                      .get("kvasir-streams")
                      .members()
                      .stream()
                      .filter(member ->
                          member.assignment().topicPartitions().stream()
                              .anyMatch(each -> each.topic().equals(Topic.TOKENS.topicName())))
                      .count()
                  == 2);
    }
  }

  /** Chunks in the last window over the whole run. */
  private static long wholeRun(LogAddress log) {
    List<Long> chunks = new ArrayList<>(List.of(0L));
    each(
        log,
        Topic.WINDOWS,
        event -> {
          if (event instanceof WindowMeasured window && window.getSeconds() == 0) {
            chunks.add(window.getChunks());
          }
        });
    return chunks.getLast();
  }

  private void startBrokers() throws IOException {
    List<String> voters = new ArrayList<>();
    for (int node = 1; node <= BROKERS; node++) {
      voters.add("--voter=%d=%d".formatted(node, ports.get(BROKERS + node - 1)));
    }
    for (int node = 1; node <= BROKERS; node++) {
      List<String> options = new ArrayList<>(voters);
      options.addAll(
          List.of(
              "--node=" + node,
              "--listener=CLIENT=" + ports.get(node - 1),
              "--controller-port=" + ports.get(BROKERS + node - 1),
              "--cluster-id=MkU3OEVBNTcwNTJENDM2Qg",
              "--replication=" + BROKERS,
              "--in-sync=2"));
      brokers.add(StageProcess.kvasir(folder, "broker-" + node, options, "broker"));
    }
    brokers.forEach(broker -> broker.awaitSaying("Kafka: "));
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          Topics.prepare(log, LAYOUT);
          return true;
        });
  }

  private static void publish(EventPublisher publisher, int from, int to) {
    IntStream.range(from, to)
        .forEach(index ->
            publisher.publish(
                new TokenReceived(1L, index % 50, index, 1L, null, null, null, null, 1, 1)));
  }

  private static List<Integer> indexes(LogAddress log) {
    List<Integer> indexes = new ArrayList<>();
    each(
        log,
        Topic.TOKENS,
        event -> {
          if (event instanceof TokenReceived token) {
            indexes.add(token.getIndex());
          }
        });
    return indexes;
  }

  private static void each(LogAddress log, Topic topic, Consumer<SpecificRecord> reader) {
    LogEnd end = LogEnd.of(log, EnumSet.of(topic));
    try (var consumer = LogEnd.consumer(log, "reader");
        EventDeserializer events = new EventDeserializer(log.schemas())) {
      consumer.assign(end.offsets().keySet());
      consumer.seekToBeginning(end.offsets().keySet());
      while (end.offsets().entrySet().stream()
          .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> reader.accept(events.deserialize(record.topic(), record.value())));
      }
    }
  }
}
