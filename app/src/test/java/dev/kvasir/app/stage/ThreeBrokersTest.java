package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.app.pipeline.LogEnd;
import dev.kvasir.app.pipeline.Ports;
import dev.kvasir.app.pipeline.Topics;
import dev.kvasir.event.TokenReceived;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers that keep three replicas, of which two must have an event. */
class ThreeBrokersTest {

  private static final int BROKERS = 3;
  private static final int EVENTS = 6_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final TopicLayout LAYOUT = new TopicLayout(4, (short) BROKERS, null);

  @TempDir private Path folder;
  private final List<StageProcess> brokers = new ArrayList<>();

  @AfterEach
  void stop() {
    brokers.forEach(StageProcess::kill);
  }

  @Test
  void noEventIsLostOrDoubledWhenOneOfThemDiesUnderLoad() throws Exception {
    LogAddress log = start();
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

  private LogAddress start() throws IOException {
    List<Integer> ports = Ports.free(2 * BROKERS);
    List<String> voters = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (int node = 1; node <= BROKERS; node++) {
      voters.add("--voter=%d=%d".formatted(node, ports.get(BROKERS + node - 1)));
      addresses.add("127.0.0.1:" + ports.get(node - 1));
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
    LogAddress log = new LogAddress(String.join(",", addresses), LogAddress.EMBEDDED);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          Topics.prepare(log, LAYOUT);
          return true;
        });
    return log;
  }

  private static void publish(EventPublisher publisher, int from, int to) {
    IntStream.range(from, to)
        .forEach(index ->
            publisher.publish(
                new TokenReceived(1L, index % 50, index, 1L, null, null, null, null, 1, 1)));
  }

  private static List<Integer> indexes(LogAddress log) {
    List<Integer> indexes = new ArrayList<>();
    LogEnd end = LogEnd.of(log, EnumSet.of(Topic.TOKENS));
    try (var consumer = LogEnd.consumer(log, "reader");
        EventDeserializer events = new EventDeserializer(log.schemas())) {
      consumer.assign(end.offsets().keySet());
      consumer.seekToBeginning(end.offsets().keySet());
      while (end.offsets().entrySet().stream()
          .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> {
              if (events.deserialize(record.topic(), record.value())
                  instanceof TokenReceived token) {
                indexes.add(token.getIndex());
              }
            });
      }
    }
    return indexes;
  }
}
