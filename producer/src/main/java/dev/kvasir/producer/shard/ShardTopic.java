package dev.kvasir.producer.shard;

import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.UndecodableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of shards. All events of a shard lie in the partition in which it was offered. Writing
 * is thread-safe.
 */
final class ShardTopic implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardTopic.class);
  private static final String NAME = Topic.SHARDS.topicName();

  private final String bootstrapServers;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventSerializer serializer;
  private final EventDeserializer deserializer;
  private final int partitions;

  ShardTopic(String bootstrapServers, Registry registry) {
    this.bootstrapServers = bootstrapServers;
    this.producer =
        new KafkaProducer<>(
            ClientAccess.ofProcess()
                .kafka(bootstrapServers, Map.of(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.serializer = new EventSerializer(registry);
    this.deserializer = new EventDeserializer(registry);
    this.partitions = producer.partitionsFor(NAME).size();
  }

  /** Partitions of the topic. */
  int partitions() {
    return partitions;
  }

  /** Writes an event to its shard's partition and waits until Kafka has it. */
  void write(SpecificRecord event, int partition) throws InterruptedException {
    try {
      producer.send(encoded(event, partition)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka refused an event of a shard", e.getCause());
    }
  }

  private synchronized ProducerRecord<byte[], byte[]> encoded(SpecificRecord event, int partition) {
    return new ProducerRecord<>(
        NAME,
        partition,
        EventRecord.at(event) / 1_000_000,
        EventRecord.key(event),
        serializer.serialize(NAME, event));
  }

  /** An event that was read; null, with a warning, when it cannot be understood. */
  synchronized @Nullable SpecificRecord decoded(ConsumerRecord<byte[], byte[]> read) {
    try {
      return deserializer.deserialize(read.topic(), read.value());
    } catch (UndecodableException e) {
      LOG.warn(
          "a record is passed over topic={} partition={} offset={}",
          read.topic(),
          read.partition(),
          read.offset());
      return null;
    }
  }

  /** A consumer with further settings. */
  KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("enable.auto.commit", false);
    all.put("auto.offset.reset", "earliest");
    return new KafkaConsumer<>(
        ClientAccess.ofProcess().kafka(bootstrapServers, all),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** A consumer of the whole topic, at its beginning. */
  KafkaConsumer<byte[], byte[]> wholeConsumer() {
    KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of());
    List<TopicPartition> all =
        consumer.partitionsFor(NAME).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
    return consumer;
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
    deserializer.close();
  }
}
