package dev.kvasir.app.page;

import dev.kvasir.app.meter.Meters;
import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A real broker with the log's topics, and a producer of events. */
final class LiveLog implements AutoCloseable {

  private final EmbeddedBroker broker;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventSerializer serializer = new EventSerializer(Registry.embedded());

  private LiveLog(EmbeddedBroker broker) {
    this.broker = broker;
    this.producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  static LiveLog start(Path folder) throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
    try (Admin admin =
        Admin.create(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
      TopicLayout.EMBEDDED.create(admin);
    }
    return new LiveLog(broker);
  }

  /** A page over this log for the machine itself; port 0 is a free one. */
  PageServer openPage(int port) {
    return openPage(port, null);
  }

  /** A page over this log that demands a token, if one is given. */
  PageServer openPage(int port, @Nullable String token) {
    return PageServer.start(
        new PageSettings(broker.bootstrapServers(), Registry.embedded(), "127.0.0.1", port, token),
        Meters.ofThisProcess());
  }

  void publish(SpecificRecord... events) {
    publish(List.of(events));
  }

  void publish(List<? extends SpecificRecord> events) {
    for (SpecificRecord event : events) {
      ProducerRecord<byte[], SpecificRecord> record = EventRecord.of(event);
      producer.send(
          new ProducerRecord<>(
              record.topic(),
              null,
              record.timestamp(),
              record.key(),
              serializer.serialize(record.topic(), event)));
    }
    producer.flush();
  }

  /** Puts bytes on a topic that are no event. */
  void publishNonsense(Topic topic) {
    producer.send(
        new ProducerRecord<>(topic.topicName(), "nonsense".getBytes(StandardCharsets.UTF_8)));
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
    serializer.close();
    broker.close();
  }
}
