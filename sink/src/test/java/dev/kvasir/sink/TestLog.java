package dev.kvasir.sink;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.TopicLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker with our topics, and a way to write to them. */
final class TestLog implements AutoCloseable {

  static final String TOKEN = "0123456789abcdef0123";

  private final EmbeddedBroker broker;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventSerializer serializer = new EventSerializer(Registry.embedded());

  TestLog(Path folder) throws Exception {
    broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    try {
      TopicLayout.EMBEDDED.create(admin);
    } catch (Exception e) {
      // Else the folder goes away under a broker, which then ends this process.
      broker.close();
      throw e;
    }
    producer = producer(broker.bootstrapServers());
  }

  private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "linger.ms",
            5,
            "acks",
            "1",
            "enable.idempotence",
            false),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Writes events to a broker of the caller's. */
  static void publish(String bootstrapServers, List<? extends SpecificRecord> events) {
    try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers);
        EventSerializer serializer = new EventSerializer(Registry.embedded())) {
      publish(producer, serializer, events);
    }
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  Admin admin() {
    return admin;
  }

  SinkSettings settings(Path folder) {
    return SinkSettings.of(
        bootstrapServers(),
        Registry.embedded(),
        folder.resolve("warehouse.duckdb"),
        folder.resolve("exports"),
        TOKEN);
  }

  void publish(List<? extends SpecificRecord> events) {
    publish(producer, serializer, events);
  }

  private static void publish(
      KafkaProducer<byte[], byte[]> producer,
      EventSerializer serializer,
      List<? extends SpecificRecord> events) {
    for (SpecificRecord event : events) {
      var entry = EventRecord.of(event);
      byte[] value = serializer.serialize(entry.topic(), event);
      producer.send(
          new ProducerRecord<>(entry.topic(), null, entry.timestamp(), entry.key(), value));
    }
    producer.flush();
  }

  void publishBytes(String topic, byte[] key, byte[] value) {
    producer.send(new ProducerRecord<>(topic, key, value));
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
    broker.close();
  }
}
