package dev.kvasir.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  private static final TopicPartition PARTITION = new TopicPartition("facts", 0);

  @TempDir private Path folder;

  @Test
  void whatWasAcknowledgedIsThereAfterARestartOnTheSameFolder() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      try (Admin admin = Admin.create(servers(broker))) {
        admin.createTopics(Set.of(new NewTopic("facts", 1, (short) 1))).all().get();
      }
      try (var producer =
          new KafkaProducer<>(servers(broker), new StringSerializer(), new StringSerializer())) {
        producer.send(new ProducerRecord<>("facts", "k", "from the future")).get();
        producer.send(new ProducerRecord<>("facts", 0, 9_999_999_999_999L, "k", "later")).get();
      }
      assertThat(metered(broker, "kvasir.broker.records")).isEqualTo(2);
      assertThat(metered(broker, "kvasir.broker.in")).isGreaterThan(20);
      assertThat(metered(broker, "kvasir.broker.out")).isNotNegative();
      assertThat(metered(broker, "kvasir.broker.log")).isGreaterThan(20);
      assertThat(metered(broker, "kvasir.broker.partitions.under.replicated")).isZero();
    }

    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      assertThat(read(broker, 2)).containsExactly("from the future", "later");
    }
  }

  @Test
  void aPortInUseIsRefusedByName() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedBroker.start(folder, taken.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port " + taken.getLocalPort());
    }
  }

  private static double metered(EmbeddedBroker broker, String meter) {
    MeterRegistry registry = new SimpleMeterRegistry();
    broker.meter(registry);
    return registry.get(meter).meter().measure().iterator().next().getValue();
  }

  private static List<String> read(EmbeddedBroker broker, int expected) {
    List<String> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(servers(broker), new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(Set.of(PARTITION));
      consumer.seekToBeginning(Set.of(PARTITION));
      while (values.size() < expected) {
        var polled = consumer.poll(Duration.ofSeconds(20));
        assertThat(polled.isEmpty()).as("records after %s", values).isFalse();
        polled.forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }

  private static Map<String, Object> servers(EmbeddedBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }
}
