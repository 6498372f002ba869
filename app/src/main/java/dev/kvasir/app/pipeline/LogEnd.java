package dev.kvasir.app.pipeline;

import dev.kvasir.topic.Topic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Where topics ended at one moment.
 *
 * @param offsets the offset after the last record, by partition
 */
public record LogEnd(Map<TopicPartition, Long> offsets) {

  public LogEnd {
    offsets = Map.copyOf(offsets);
  }

  /** Where committed records end now. */
  public static LogEnd of(LogAddress log, Set<Topic> topics) {
    return of(log, topics, "read_committed");
  }

  /**
   * Where records end now, also those of a transaction whose commit was accepted and is not marked
   * in every partition yet.
   */
  static LogEnd written(LogAddress log, Set<Topic> topics) {
    return of(log, topics, "read_uncommitted");
  }

  private static LogEnd of(LogAddress log, Set<Topic> topics, String isolation) {
    try (Consumer<byte[], byte[]> consumer = consumer(log, "kvasir-ends", isolation)) {
      return new LogEnd(consumer.endOffsets(partitions(consumer, topics)));
    }
  }

  /** The same of some of its topics alone. */
  public LogEnd of(Set<Topic> topics) {
    Set<String> names = topics.stream().map(Topic::topicName).collect(Collectors.toSet());
    Map<TopicPartition, Long> some = new HashMap<>(offsets);
    some.keySet().removeIf(partition -> !names.contains(partition.topic()));
    return new LogEnd(some);
  }

  /** A consumer in no group that sees committed records only. */
  public static Consumer<byte[], byte[]> consumer(LogAddress log, String name) {
    return consumer(log, name, "read_committed");
  }

  private static Consumer<byte[], byte[]> consumer(LogAddress log, String name, String isolation) {
    Map<String, Object> settings = new HashMap<>(log.client(name));
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static List<TopicPartition> partitions(Consumer<?, ?> consumer, Set<Topic> topics) {
    return Arrays.stream(Topic.values())
        .filter(topics::contains)
        .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
        .map(found -> new TopicPartition(found.topic(), found.partition()))
        .toList();
  }
}
