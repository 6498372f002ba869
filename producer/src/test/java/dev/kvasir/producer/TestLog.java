package dev.kvasir.producer;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A real Kafka with the topics of the project, which can be stopped and started again. */
public final class TestLog implements AutoCloseable {

  private final Path folder;
  private final int port;
  private EmbeddedBroker broker;

  private TestLog(Path folder, int port) throws IOException {
    this.folder = folder;
    this.port = port;
    this.broker = EmbeddedBroker.start(folder, port);
  }

  public static TestLog start(Path folder)
      throws IOException, InterruptedException, ExecutionException {
    TestLog log = new TestLog(folder, freePort());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", log.bootstrapServers()))) {
      TopicLayout.EMBEDDED.create(admin);
    } catch (RuntimeException | InterruptedException | ExecutionException e) {
      // Else the folder goes away under a broker, which then ends this process.
      log.stop();
      throw e;
    }
    return log;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** Kafka goes away. */
  public void stop() {
    broker.close();
  }

  /** Kafka comes back on the same port with what it had. */
  public void restart() throws IOException {
    broker = EmbeddedBroker.start(folder, port);
  }

  /** Has Kafka forget what is in a topic now. */
  public void expire(Topic topic) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      for (int partition = 0; partition < TopicLayout.EMBEDDED.partitions(); partition++) {
        all.put(new TopicPartition(topic.topicName(), partition), RecordsToDelete.beforeOffset(-1));
      }
      admin.deleteRecords(all).all().get();
    }
  }

  /** The events of a topic, of each partition in their order. */
  public List<SpecificRecord> events(Topic topic) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", bootstrapServers(), "isolation.level", "read_committed");
    List<SpecificRecord> events = new ArrayList<>();
    EventDeserializer deserializer = new EventDeserializer(Registry.embedded());
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofMillis(200))) {
          events.add(deserializer.deserialize(read.topic(), read.value()));
        }
      }
    }
    return events;
  }

  /** The events of one type in a topic. */
  public <T extends SpecificRecord> List<T> events(Topic topic, Class<T> type) {
    return events(topic).stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The events of one type and run in a topic. */
  public <T extends SpecificRecord> List<T> events(long run, Topic topic, Class<T> type) {
    return events(topic, type).stream().filter(event -> EventRecord.run(event) == run).toList();
  }

  /** What a generator on it works with, without a warm-up of its own. */
  GeneratorSettings generator(Path home) {
    return GeneratorSettings.of(
            bootstrapServers(), Registry.embedded(), home.resolve("spill"), "1", "abc")
        .withSelfWarmUp(Duration.ZERO);
  }

  @Override
  public void close() {
    broker.close();
  }
}
