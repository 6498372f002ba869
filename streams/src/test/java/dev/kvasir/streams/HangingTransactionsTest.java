package dev.kvasir.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transactions here may last ten minutes for Kafka, and ten seconds for the stage. */
class HangingTransactionsTest {

  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final long TOO_LONG = Duration.ofSeconds(30).toNanos();
  private static final String WINDOWS = Topic.WINDOWS.topicName();
  private static final String CHANGELOG = "stage-panes-changelog";
  private static final String OTHER = "of-somebody-else";
  private static final byte[] RECORD = "record".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private EmbeddedBroker broker;
  private Admin admin;
  private KafkaProducer<byte[], byte[]> producer;
  private HangingTransactions transactions;

  @BeforeEach
  void start() throws Exception {
    broker = EmbeddedBroker.start(folder, 0);
    connect();
    admin
        .createTopics(
            Stream.of(WINDOWS, CHANGELOG, OTHER)
                .map(name -> new NewTopic(name, 1, (short) 1))
                .toList())
        .all()
        .get();
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "transactional.id",
                "a-stage",
                "transaction.timeout.ms",
                600_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    producer.beginTransaction();
    for (String topic : List.of(WINDOWS, CHANGELOG, OTHER)) {
      producer.send(new ProducerRecord<>(topic, RECORD));
    }
    producer.flush();
  }

  private void connect() {
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
    transactions = new HangingTransactions(admin, "stage", LONGEST);
  }

  @AfterEach
  void stop() {
    producer.close(Duration.ZERO);
    admin.close();
    broker.close();
  }

  @Test
  void aTransactionThatItsCoordinatorForgotIsAbortedSoThatReadersGoOn() throws Exception {
    forget();

    assertThat(transactions.look(0)).isZero();
    assertThat(transactions.look(TOO_LONG - 1)).isZero();
    assertThat(waiting(WINDOWS)).isTrue();

    assertThat(transactions.look(TOO_LONG)).isEqualTo(2);
    assertThat(waiting(WINDOWS)).isFalse();
    assertThat(waiting(CHANGELOG)).isFalse();
    assertThat(waiting(OTHER)).as("what the stage does not write").isTrue();
    assertThat(transactions.look(2 * TOO_LONG)).isZero();
  }

  @Test
  void aTransactionThatItsCoordinatorKnowsIsLeftToIt() throws Exception {
    assertThat(transactions.look(0)).isZero();
    assertThat(transactions.look(TOO_LONG)).isZero();

    producer.commitTransaction();
    await().atMost(Duration.ofSeconds(60)).until(() -> !waiting(WINDOWS));
  }

  /** Has the broker lose what its coordinators know. */
  private void forget() throws Exception {
    int port = Integer.parseInt(broker.bootstrapServers().split(":")[1]);
    admin.close();
    broker.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(HangingTransactionsTest::isOfCoordinator).toList()) {
        Files.delete(file);
      }
    }
    broker = EmbeddedBroker.start(folder, port);
    connect();
  }

  private static boolean isOfCoordinator(Path file) {
    return file.getParent().getFileName().toString().startsWith("__transaction_state");
  }

  /** Whether readers of committed records wait before the end of a topic. */
  private boolean waiting(String topic) throws Exception {
    return end(topic, IsolationLevel.READ_COMMITTED) < end(topic, IsolationLevel.READ_UNCOMMITTED);
  }

  private long end(String topic, IsolationLevel isolation) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
        .partitionResult(partition)
        .get()
        .offset();
  }
}
