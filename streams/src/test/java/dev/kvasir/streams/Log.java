package dev.kvasir.streams;

import dev.kvasir.event.WindowMeasured;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes events into a broker and reads what the stage made of them. */
final class Log implements AutoCloseable {

  private final KafkaProducer<byte[], SpecificRecord> producer;
  private final KafkaConsumer<byte[], SpecificRecord> consumer;
  private final Map<String, WindowMeasured> windows = new HashMap<>();
  private final List<SpecificRecord> alerts = new ArrayList<>();

  Log(String bootstrapServers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      TopicLayout.EMBEDDED.create(admin);
    }
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "linger.ms",
                5,
                "batch.size",
                128 * 1024,
                "buffer.memory",
                64L << 20,
                "compression.type",
                "lz4"),
            new ByteArraySerializer(),
            new EventSerializer(Registry.embedded()));
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new ByteArrayDeserializer(),
            new EventDeserializer(Registry.embedded()));
    List<TopicPartition> partitions = new ArrayList<>();
    for (Topic topic : List.of(Topic.WINDOWS, Topic.ALERTS)) {
      consumer
          .partitionsFor(topic.topicName())
          .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  void send(SpecificRecord event) {
    producer.send(EventRecord.of(event));
  }

  void flush() {
    producer.flush();
  }

  /** Reads what has come; false if nothing has. */
  boolean read(Duration limit) {
    var records = consumer.poll(limit);
    records.forEach(record -> {
      if (record.value() instanceof WindowMeasured window) {
        windows.put(
            window.getRun() + "/" + window.getSeconds() + "/" + window.getEndSecond(), window);
      } else {
        alerts.add(record.value());
      }
    });
    return !records.isEmpty();
  }

  /** Reads until nothing comes for a while. */
  void readAll() {
    boolean more = true;
    while (more) {
      more = read(Duration.ofMillis(500));
    }
  }

  /** The newest window over the whole run; null before the first. */
  WindowMeasured whole(long run) {
    return windows.values().stream()
        .filter(window -> window.getRun() == run && window.getSeconds() == 0)
        .reduce((first, second) -> first.getEndSecond() > second.getEndSecond() ? first : second)
        .orElse(null);
  }

  List<WindowMeasured> windows() {
    return List.copyOf(windows.values());
  }

  /** The last version of every window, by run, length and end. */
  Map<String, WindowMeasured> windowsByPlace() {
    return Map.copyOf(windows);
  }

  List<SpecificRecord> alerts() {
    return alerts;
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
