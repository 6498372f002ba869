package dev.kvasir.producer.publish;

import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka producer, set so that no record expires and that sending does not wait: it knows the
 * topics' partitions from the start and has room for more than the publisher gives it.
 */
final class KafkaSender implements AutoCloseable {

  private static final List<Topic> TOPICS =
      List.of(Topic.RUNS, Topic.REQUESTS, Topic.TOKENS, Topic.SAMPLES);

  /** Each compressed batch costs 128 KiB of garbage, however few events it has. */
  private static final long LINGER_MILLIS = 40;

  private static final int BATCH_BYTES = 256 << 10;
  private static final long ROOM_FOR_BATCHES = 64L << 20;
  private static final int LARGEST_REQUEST = 16 << 20;

  /** While Kafka restarts it may tell of topics without partitions; sending then waits so long. */
  private static final Duration LONGEST_WAIT = Duration.ofMillis(50);

  /** How long an unused topic's partitions are remembered; Kafka adds it to the time of day. */
  private static final Duration TOPICS_KNOWN_FOR = Duration.ofDays(365);

  private static final int CONNECT_TRIES = 200;
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final KafkaProducer<byte[], byte[]> producer;

  private KafkaSender(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Connects.
   *
   * @throws IllegalStateException if Kafka cannot be reached or a topic is missing
   */
  static KafkaSender connect(String bootstrapServers, long memoryBytes) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            config(bootstrapServers, memoryBytes),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    try {
      TOPICS.forEach(topic -> awaitPartitions(producer, topic));
      return new KafkaSender(producer);
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new IllegalStateException(
          "the topics at " + bootstrapServers + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static void awaitPartitions(KafkaProducer<byte[], byte[]> producer, Topic topic) {
    for (int tries = CONNECT_TRIES; ; tries--) {
      try {
        producer.partitionsFor(topic.topicName());
        return;
      } catch (TimeoutException e) {
        if (tries <= 1) {
          throw e;
        }
      }
    }
  }

  static Map<String, Object> config(String bootstrapServers, long memoryBytes) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "kvasir-producer");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_WAIT.toMillis());
    config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, TOPICS_KNOWN_FOR.toMillis());
    config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, memoryBytes + ROOM_FOR_BATCHES);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
    return ClientAccess.ofProcess().kafka(bootstrapServers, config);
  }

  /**
   * Sends an event.
   *
   * @return false if the producer does not take it now; then the delivery does not settle
   */
  boolean send(EncodedEvent event, Delivery delivery) {
    var _ =
        producer.send(
            new ProducerRecord<>(
                event.topic().topicName(),
                null,
                event.timestampMillis(),
                event.key(),
                event.value()),
            delivery);
    return delivery.taken;
  }

  /**
   * One event's way to Kafka. Tells a record that was never taken, of which the producer speaks
   * while it is being sent, from one that failed later.
   */
  abstract static class Delivery implements Callback {

    private final Thread sender = Thread.currentThread();
    private boolean taken = true;

    /** Kafka has the event, or refused it for good; on the producer's thread. */
    abstract void settled(@Nullable Exception failure);

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable Exception failure) {
      if (failure instanceof TimeoutException && sender.equals(Thread.currentThread())) {
        taken = false;
        return;
      }
      settled(failure);
    }
  }

  /** Reports what the Kafka producer measures of itself. */
  void meter(MeterRegistry registry) {
    new KafkaClientMetrics(producer).bindTo(registry);
  }

  @Override
  public void close() {
    producer.close(CLOSE_WITHIN);
  }
}
