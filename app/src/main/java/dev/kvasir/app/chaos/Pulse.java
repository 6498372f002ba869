package dev.kvasir.app.chaos;

import dev.kvasir.app.pipeline.LogAddress;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks from outside how far each process has come. Owned by the thread that makes chaos. */
final class Pulse implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMillis(800);
  private static final Pattern ROWS =
      Pattern.compile("(?m)^kvasir_sink_rows_total(?:\\{.*})? (\\S+)");

  private final Arena arena;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  Pulse(Arena arena) {
    this.arena = arena;
    LogAddress log = arena.log();
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                log.bootstrapServers(),
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                100L,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** A number that grows while a process does its work; empty when it cannot be seen. */
  OptionalLong of(Part part) throws InterruptedException {
    return switch (part) {
      case BROKER -> records(Topic.RUNS);
      case PRODUCER -> records(Topic.REQUESTS);
      case STREAMS -> records(Topic.WINDOWS);
      case SINK -> rows();
      case SIMULATOR -> answers(arena.simulatorPort(), "/health").isPresent() ? one() : none();
    };
  }

  private OptionalLong records(Topic topic) {
    List<TopicPartition> partitions =
        IntStream.range(0, TopicLayout.EMBEDDED.partitions())
            .mapToObj(partition -> new TopicPartition(topic.topicName(), partition))
            .toList();
    try {
      return OptionalLong.of(
          consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum());
    } catch (KafkaException away) {
      return none();
    }
  }

  private OptionalLong rows() throws InterruptedException {
    return answers(arena.sinkMetricsPort(), "/metrics")
        .map(ROWS::matcher)
        .filter(Matcher::find)
        .map(found -> OptionalLong.of((long) Double.parseDouble(found.group(1))))
        .orElse(none());
  }

  private Optional<String> answers(int port, String path) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(PATIENCE)
                  .build(),
              BodyHandlers.ofString());
      return Optional.of(answer.body());
    } catch (IOException away) {
      return Optional.empty();
    }
  }

  private static OptionalLong one() {
    return OptionalLong.of(1);
  }

  private static OptionalLong none() {
    return OptionalLong.empty();
  }

  @Override
  public void close() {
    consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(PATIENCE));
    http.close();
  }
}
