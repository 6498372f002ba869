package dev.kvasir.producer.publish;

import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks events up in the log. One thread uses it. */
final class LogSearch implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;

  LogSearch(String bootstrapServers) {
    this.consumer =
        new KafkaConsumer<>(
            ClientAccess.ofProcess()
                .kafka(
                    bootstrapServers,
                    Map.of(
                        ConsumerConfig.CLIENT_ID_CONFIG,
                        "kvasir-leftovers",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false)),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Gives every record of the events' topics that is as young as the oldest of them. */
  void find(Collection<EncodedEvent> events, Consumer<Leftovers.RecordText> found) {
    Map<Topic, Long> since = new EnumMap<>(Topic.class);
    events.forEach(event -> since.merge(event.topic(), event.timestampMillis(), Math::min));
    since.forEach((topic, millis) -> read(topic, millis, found));
  }

  private void read(Topic topic, long sinceMillis, Consumer<Leftovers.RecordText> found) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.topicName()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, sinceMillis));
    Map<TopicPartition, Long> unread = new HashMap<>(consumer.endOffsets(partitions));
    Map<TopicPartition, OffsetAndTimestamp> begins = consumer.offsetsForTimes(times);
    consumer.assign(partitions);
    partitions.forEach(partition -> {
      OffsetAndTimestamp begin = begins.get(partition);
      consumer.seek(partition, begin == null ? unread.getOrDefault(partition, 0L) : begin.offset());
    });
    while (!unread.isEmpty()) {
      unread.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      for (ConsumerRecord<byte[], byte[]> each :
          consumer.poll(unread.isEmpty() ? Duration.ZERO : POLL)) {
        found.accept(Leftovers.RecordText.of(topic, each.key(), each.value()));
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
