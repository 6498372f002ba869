package dev.kvasir.app.page;

import dev.kvasir.time.WallClock;
import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.RegistryUnavailableException;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.UndecodableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the page's three topics without a group: all of {@code runs}, the recent past of the other
 * two, then whatever comes. Its own thread owns the consumer; the listener is called on that
 * thread.
 */
final class TopicReader implements AutoCloseable {

  /** What the reader finds. */
  interface Listener {

    /** Reading begins, or begins again: everything said before is void. */
    void beginning();

    /** Reading waits for something; a sentence says for what. */
    void waiting(String what);

    /** Events in the order of their partitions; returns when they are dealt with. */
    void events(List<SpecificRecord> events, long undecodable);

    /** What was in the log when reading began has been read. */
    void caughtUp();
  }

  private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
  private static final List<Topic> TOPICS = List.of(Topic.RUNS, Topic.WINDOWS, Topic.ALERTS);
  private static final Duration PAST = Duration.ofMinutes(15);

  /** Of a partition at least these many of its last offsets are read, however old they are. */
  private static final long PAST_OFFSETS = 20_000;

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration METADATA = Duration.ofSeconds(5);
  private static final long RETRY_MILLIS = 1_000;
  private static final long CLOSE_MILLIS = 5_000;

  private final String bootstrapServers;
  private final Registry registry;
  private final WallClock clock;
  private final Listener listener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private final Consumer<byte[], byte[]> consumer;

  private TopicReader(
      String bootstrapServers, Registry registry, WallClock clock, Listener listener) {
    this.bootstrapServers = bootstrapServers;
    this.registry = registry;
    this.clock = clock;
    this.listener = listener;
    this.consumer = connect();
    this.thread = Thread.ofPlatform().name("page-reader").daemon().unstarted(this::run);
  }

  /**
   * Starts reading.
   *
   * @throws IllegalStateException if no address of the cluster can be used
   */
  static TopicReader start(
      String bootstrapServers, Registry registry, WallClock clock, Listener listener) {
    TopicReader reader = new TopicReader(bootstrapServers, registry, clock, listener);
    reader.thread.start();
    return reader;
  }

  /** Ends the reading; waits a few seconds for the thread. */
  @Override
  public void close() {
    closing.countDown();
    consumer.wakeup();
    try {
      if (!thread.join(Duration.ofMillis(CLOSE_MILLIS))) {
        LOG.warn("the live page's reader did not end limit_ms={}", CLOSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Consumer<byte[], byte[]> connect() {
    Map<String, Object> settings =
        ClientAccess.ofProcess()
            .kafka(
                bootstrapServers,
                Map.of(
                    ConsumerConfig.CLIENT_ID_CONFIG,
                    "kvasir-page",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    false,
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                    false,
                    ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                    "read_committed"));
    try {
      return new KafkaConsumer<>(
          settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "the live page cannot read from Kafka at " + bootstrapServers + ": " + cause.getMessage(),
          e);
    }
  }

  private void run() {
    try (EventDeserializer events = new EventDeserializer(registry)) {
      while (isOpen()) {
        try {
          listener.beginning();
          read(events);
        } catch (WakeupException e) {
          LOG.debug("woken to close");
        } catch (InterruptException | InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        } catch (KafkaException e) {
          LOG.warn(
              "the live page cannot read kafka={} reason=\"{}\"", bootstrapServers, e.getMessage());
          listener.waiting("Kafka at " + bootstrapServers + " (" + e.getMessage() + ")");
          closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      consumer.close();
    }
  }

  private boolean isOpen() {
    return closing.getCount() > 0;
  }

  private void read(EventDeserializer events) throws InterruptedException {
    List<TopicPartition> partitions = awaitPartitions();
    consumer.assign(partitions);
    seek(partitions);
    Map<TopicPartition, Long> unread = new HashMap<>(consumer.endOffsets(partitions));
    boolean caughtUp = false;
    while (isOpen()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        deliver(records, events);
      }
      if (!caughtUp) {
        unread.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        caughtUp = unread.isEmpty();
        if (caughtUp) {
          listener.caughtUp();
        }
      }
    }
  }

  /** Waits until the three topics exist. */
  private List<TopicPartition> awaitPartitions() throws InterruptedException {
    List<TopicPartition> partitions = new ArrayList<>();
    for (Topic topic : TOPICS) {
      partitions.addAll(awaitPartitions(topic.topicName()));
    }
    return partitions;
  }

  private List<TopicPartition> awaitPartitions(String topic) throws InterruptedException {
    while (isOpen()) {
      try {
        List<PartitionInfo> found = consumer.partitionsFor(topic, METADATA);
        if (found != null && !found.isEmpty()) {
          return found.stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
        }
        listener.waiting("the topic " + topic + " at " + bootstrapServers);
      } catch (org.apache.kafka.common.errors.TimeoutException e) {
        listener.waiting("Kafka at " + bootstrapServers + ", which does not answer");
      }
      closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
    throw new WakeupException();
  }

  private void seek(List<TopicPartition> partitions) {
    long since = TimeUnit.NANOSECONDS.toMillis(clock.epochNanos()) - PAST.toMillis();
    List<TopicPartition> recent =
        partitions.stream().filter(p -> !p.topic().equals(Topic.RUNS.topicName())).toList();
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(recent);
    Map<TopicPartition, Long> ends = consumer.endOffsets(recent);
    Map<TopicPartition, Long> times = new HashMap<>();
    recent.forEach(partition -> times.put(partition, since));
    Map<TopicPartition, OffsetAndTimestamp> bySince = consumer.offsetsForTimes(times);
    begins.forEach((partition, begin) -> {
      long end = ends.getOrDefault(partition, begin);
      OffsetAndTimestamp found = bySince.get(partition);
      long byTime = found == null ? end : found.offset();
      consumer.seek(partition, Math.max(begin, Math.min(byTime, end - PAST_OFFSETS)));
    });
  }

  private void deliver(ConsumerRecords<byte[], byte[]> records, EventDeserializer deserializer)
      throws InterruptedException {
    List<SpecificRecord> events = new ArrayList<>(records.count());
    long undecodable = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        events.add(decode(record, deserializer));
      } catch (UndecodableException e) {
        LOG.debug(
            "a record cannot be read topic={} partition={} offset={}",
            record.topic(),
            record.partition(),
            record.offset(),
            e);
        undecodable++;
      }
    }
    listener.events(events, undecodable);
  }

  private SpecificRecord decode(
      ConsumerRecord<byte[], byte[]> record, EventDeserializer deserializer)
      throws InterruptedException {
    while (true) {
      try {
        return deserializer.deserialize(record.topic(), record.value());
      } catch (RegistryUnavailableException e) {
        listener.waiting("the schema registry: " + e.getMessage());
        if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          throw new WakeupException();
        }
      }
    }
  }
}
