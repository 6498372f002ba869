package dev.kvasir.producer;

import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.UndecodableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a log holds now. One thread uses it. */
final class LogReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final EventDeserializer events;

  LogReader(String bootstrapServers, Registry registry) {
    this.consumer =
        new KafkaConsumer<>(
            ClientAccess.ofProcess()
                .kafka(
                    bootstrapServers,
                    Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false)),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.events = new EventDeserializer(registry);
  }

  /** The event of a record; null, with a warning, when it cannot be read. */
  @Nullable SpecificRecord decode(ConsumerRecord<byte[], byte[]> kafka) {
    try {
      return events.deserialize(kafka.topic(), kafka.value());
    } catch (UndecodableException e) {
      LOG.warn(
          "a record is passed over topic={} partition={} offset={}",
          kafka.topic(),
          kafka.partition(),
          kafka.offset());
      return null;
    }
  }

  /**
   * From when on a topic holds everything, epoch nanoseconds; 0 when nothing has left it.
   *
   * @return {@link Long#MAX_VALUE} if a partition is empty whose records have all left
   */
  long completeSince(Topic topic) {
    List<TopicPartition> partitions = partitions(topic);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    List<TopicPartition> cut =
        partitions.stream().filter(each -> begins.getOrDefault(each, 0L) > 0).toList();
    Map<TopicPartition, OffsetAndTimestamp> firsts =
        consumer.offsetsForTimes(cut.stream().collect(Collectors.toMap(each -> each, each -> 0L)));
    return cut.stream()
        .map(firsts::get)
        .mapToLong(first -> first == null ? Long.MAX_VALUE : first.timestamp() * 1_000_000)
        .max()
        .orElse(0);
  }

  private List<TopicPartition> partitions(Topic topic) {
    return consumer.partitionsFor(topic.topicName()).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /** Reads a topic from a time, in epoch nanoseconds, to its present end. */
  void read(Topic topic, long sinceNanos, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    List<TopicPartition> partitions = partitions(topic);
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, OffsetAndTimestamp> starts =
        consumer.offsetsForTimes(
            partitions.stream()
                .collect(Collectors.toMap(each -> each, each -> sinceNanos / 1_000_000)));
    ends.forEach((partition, end) -> {
      OffsetAndTimestamp start = starts.get(partition);
      consumer.seek(partition, start == null ? end : start.offset());
    });
    while (ends.entrySet().stream()
        .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
      consumer.poll(POLL).forEach(reader);
    }
  }

  @Override
  public void close() {
    consumer.close();
    events.close();
  }
}
