package dev.kvasir.sink.warehouse;

import dev.kvasir.time.Pause;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.RegistryUnavailableException;
import dev.kvasir.topic.UndecodableException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and decodes the log ahead of the loader. Bytes that are no event go to quarantine; a
 * registry that cannot be reached is asked again until it answers. The consumer belongs to its
 * thread.
 */
final class LogReader {

  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration BEFORE_RETRY = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final EventDeserializer deserializer;
  private final BlockingQueue<Batch> batches;
  private final Map<TopicPartition, LogPartition> partitions;
  private final ExpiredRecords expired;
  private final Selection selection;
  private final boolean whole;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile @Nullable Throwable failure;

  /**
   * Takes a consumer that is assigned to the partitions and placed where reading goes on.
   *
   * @param expired what is read before the log itself
   * @param selection which events are handed on
   */
  LogReader(
      Consumer<byte[], byte[]> consumer,
      EventDeserializer deserializer,
      BlockingQueue<Batch> batches,
      Map<TopicPartition, LogPartition> partitions,
      ExpiredRecords expired,
      Selection selection) {
    this.consumer = consumer;
    this.deserializer = deserializer;
    this.batches = batches;
    this.partitions = partitions;
    this.expired = expired;
    this.selection = selection;
    this.whole = selection.isAll();
    this.thread = Thread.ofPlatform().name("warehouse-reader").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Reports what the consumer measures of itself, such as its lag. */
  void meter(MeterRegistry registry) {
    new KafkaClientMetrics(consumer).bindTo(registry);
  }

  /** Why the reader stopped; null while it works. */
  @Nullable Throwable failure() {
    return failure;
  }

  void close() throws InterruptedException {
    closing = true;
    consumer.wakeup();
    thread.join();
  }

  private void run() {
    try (consumer;
        deserializer) {
      readExpired();
      while (!closing) {
        Batch batch = decode(consumer.poll(POLL));
        if (!batch.isEmpty()) {
          handOver(batch);
        }
      }
    } catch (WakeupException e) {
      LOG.debug("The reader was asked to stop", e);
    } catch (InterruptedException | RuntimeException | Error e) {
      failure = e;
      LOG.error("The reader stopped; what is in the log is loaded by the next start", e);
    }
  }

  private void readExpired() throws InterruptedException {
    List<ExpiredRecords.Source> sources = expired.sources();
    if (!sources.isEmpty()) {
      LOG.info("the archive holds what has left the log files={}", sources.size());
    }
    for (ExpiredRecords.Source source : sources) {
      if (closing) {
        return;
      }
      Batch batch = new Batch();
      for (ConsumerRecord<byte[], byte[]> entry : expired.missing(source)) {
        decode(entry, expired.partition(source, entry.partition()), batch);
      }
      batch.readUpTo(source.source(), source.part().records());
      handOver(batch);
    }
  }

  private void handOver(Batch batch) throws InterruptedException {
    boolean taken = false;
    while (!taken && !closing) {
      taken = batches.offer(batch, POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private Batch decode(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
    Batch batch = new Batch();
    for (TopicPartition partition : records.partitions()) {
      LogPartition source = source(partition);
      for (ConsumerRecord<byte[], byte[]> entry : records.records(partition)) {
        decode(entry, source, batch);
      }
    }
    notePositions(batch);
    return batch;
  }

  /** Positions, not the records' offsets: transaction markers have offsets of their own. */
  private void notePositions(Batch batch) {
    for (TopicPartition partition : partitions.keySet()) {
      long position = consumer.position(partition);
      Long before = positions.put(partition, position);
      if (before == null || before != position) {
        batch.readUpTo(source(partition), position);
      }
    }
  }

  private LogPartition source(TopicPartition partition) {
    LogPartition source = partitions.get(partition);
    if (source == null) {
      throw new IllegalStateException(partition + " is read and was not assigned");
    }
    return source;
  }

  private void decode(ConsumerRecord<byte[], byte[]> entry, LogPartition source, Batch batch)
      throws InterruptedException {
    for (boolean waiting = false; ; waiting = true) {
      if (closing) {
        throw new WakeupException();
      }
      try {
        SpecificRecord event = deserializer.deserialize(entry.topic(), entry.value());
        if (whole || selection.takes(event)) {
          batch.add(event);
        }
        return;
      } catch (UndecodableException e) {
        batch.add(new Quarantined(source, entry, String.valueOf(e.getMessage())));
        return;
      } catch (RegistryUnavailableException e) {
        if (!waiting) {
          LOG.warn("loading waits for the schema registry reason=\"{}\"", e.getMessage());
        }
        Pause.of(BEFORE_RETRY);
      }
    }
  }
}
