package dev.kvasir.app.pipeline;

import dev.kvasir.time.Ticker;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes events to a log in transactions: what belongs together is in the log whole or not at all,
 * however the process ends. One thread's.
 */
public final class LogWriter implements AutoCloseable {

  /** Events after which a transaction is committed. */
  private static final int FULL = 50_000;

  /** How long a transaction stays open while more is written. */
  private static final long LONG_NANOS = Duration.ofSeconds(5).toNanos();

  private static final int TRANSACTION_TIMEOUT_MILLIS = 60_000;

  private final LogAddress log;
  private final KafkaProducer<byte[], byte[]> producer;
  private final EventSerializer serializer;
  private final Ticker ticker = Ticker.system();
  private int waiting;
  private long begun;

  private LogWriter(LogAddress log, KafkaProducer<byte[], byte[]> producer) {
    this.log = log;
    this.producer = producer;
    this.serializer = new EventSerializer(log.schemas());
  }

  /**
   * Connects to a log whose topics exist.
   *
   * @param role what the process does, for the log's own messages
   * @throws IllegalStateException if Kafka does not take transactions
   */
  public static LogWriter open(LogAddress log, String role) {
    String name = "kvasir-%s-%d".formatted(role, ProcessHandle.current().pid());
    Map<String, Object> settings = new HashMap<>(log.client(name));
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      return new LogWriter(log, producer);
    } catch (KafkaException e) {
      producer.close();
      throw failure(log, e);
    }
  }

  /**
   * Writes events that belong together.
   *
   * @throws IllegalStateException if Kafka refuses them
   */
  public void write(Stream<? extends SpecificRecord> events) {
    try {
      if (waiting == 0) {
        producer.beginTransaction();
        begun = ticker.nanos();
      }
      events.forEach(this::send);
      if (waiting >= FULL || ticker.nanos() - begun > LONG_NANOS) {
        commit();
      }
    } catch (KafkaException e) {
      throw failure(log, e);
    }
  }

  private void send(SpecificRecord event) {
    waiting++;
    var entry = EventRecord.of(event);
    byte[] value = serializer.serialize(entry.topic(), event);
    var _ =
        producer.send(
            new ProducerRecord<>(entry.topic(), null, entry.timestamp(), entry.key(), value));
  }

  /**
   * Makes everything written so far readable.
   *
   * @throws IllegalStateException if Kafka refuses it
   */
  public void commit() {
    if (waiting == 0) {
      return;
    }
    try {
      producer.commitTransaction();
      waiting = 0;
    } catch (KafkaException e) {
      throw failure(log, e);
    }
  }

  private static IllegalStateException failure(LogAddress log, KafkaException cause) {
    return new IllegalStateException(
        "Kafka at %s does not take the events: %s"
            .formatted(log.bootstrapServers(), cause.getMessage()),
        cause);
  }

  /** Takes back what was written since the last commit. */
  @Override
  public void close() {
    try (serializer;
        producer) {
      if (waiting > 0) {
        producer.abortTransaction();
      }
    }
  }
}
