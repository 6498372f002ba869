package dev.kvasir.streams;

import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Where reading starts: at the beginning of what was never read. From then on an offset that is no
 * longer there is an error, since starting over in silence would count events twice or never.
 */
final class StartOffsets {

  static final List<String> SOURCES =
      List.of(
          Topic.RUNS.topicName(),
          Topic.REQUESTS.topicName(),
          Topic.TOKENS.topicName(),
          Topic.SAMPLES.topicName());

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** A request that nobody answers is sent again after this time. */
  private static final Duration REQUEST = Duration.ofSeconds(5);

  private StartOffsets() {}

  /**
   * Sets the start of every partition that the application has never read.
   *
   * @throws IllegalStateException if a topic is missing or Kafka does not answer
   */
  static void set(String bootstrapServers, String applicationId) {
    Map<String, Object> config =
        ClientAccess.ofProcess()
            .kafka(
                bootstrapServers,
                Map.of(
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    (int) LIMIT.toMillis(),
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    (int) REQUEST.toMillis()));
    try (Admin admin = Admin.create(config)) {
      Set<TopicPartition> unread = partitions(admin);
      unread.removeAll(read(admin, applicationId));
      if (!unread.isEmpty()) {
        startAtTheBeginning(admin, applicationId, unread);
      }
    } catch (ExecutionException e) {
      throw refused(bootstrapServers, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(bootstrapServers, e);
    }
  }

  private static IllegalStateException refused(String bootstrapServers, Throwable cause) {
    String remedy =
        cause instanceof UnknownTopicOrPartitionException
            ? "create the topics " + SOURCES
            : "check that it is reachable";
    return new IllegalStateException(
        "the stream stage cannot start on Kafka at %s: %s; %s"
            .formatted(bootstrapServers, cause.getMessage(), remedy),
        cause);
  }

  private static Set<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException {
    Set<TopicPartition> partitions = new HashSet<>();
    for (TopicDescription topic : admin.describeTopics(SOURCES).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(p -> partitions.add(new TopicPartition(topic.name(), p.partition())));
    }
    return partitions;
  }

  private static Set<TopicPartition> read(Admin admin, String applicationId)
      throws ExecutionException, InterruptedException {
    Set<TopicPartition> read = new HashSet<>();
    admin
        .listConsumerGroupOffsets(applicationId)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> {
          if (offset != null) {
            read.add(partition);
          }
        });
    return read;
  }

  private static void startAtTheBeginning(
      Admin admin, String applicationId, Set<TopicPartition> unread)
      throws ExecutionException, InterruptedException {
    var earliest =
        admin
            .listOffsets(
                unread.stream()
                    .collect(Collectors.toMap(partition -> partition, p -> OffsetSpec.earliest())))
            .all()
            .get();
    Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
    earliest.forEach(
        (partition, found) -> start.put(partition, new OffsetAndMetadata(found.offset())));
    admin.alterConsumerGroupOffsets(applicationId, start).all().get();
  }
}
