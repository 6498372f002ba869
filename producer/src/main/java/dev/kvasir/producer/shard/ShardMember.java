package dev.kvasir.producer.shard;

import dev.kvasir.event.ShardOffered;
import dev.kvasir.event.ShardTaken;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import dev.kvasir.topic.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A generator that sends the shards which Kafka assigns to it. The events of the topic say all that
 * it must know: a shard that was offered and not finished is taken under the next epoch. One thread
 * runs it; {@link #stop} may be called from any.
 */
public final class ShardMember implements AutoCloseable {

  /** The consumer group of all generators that share runs. */
  public static final String GROUP = "kvasir-generators";

  private static final Logger LOG = LoggerFactory.getLogger(ShardMember.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final ShardMemberSettings settings;
  private final Ticker ticker = Ticker.system();
  private final EpochAnchor anchor = EpochAnchor.measure(ticker, WallClock.system());
  private final ShardTopic topic;
  private final EventPublisher publisher;
  private final Map<ShardId, Lease> leases = new HashMap<>();
  private final Map<ShardId, HeldShard> held = new HashMap<>();
  private final Map<ShardId, Integer> partitions = new HashMap<>();

  /** Where the log ended when a partition was assigned: up to there it is only history. */
  private final Map<TopicPartition, Long> history = new HashMap<>();

  private volatile boolean stopping;

  private ShardMember(ShardMemberSettings settings, ShardTopic topic, EventPublisher publisher) {
    this.settings = settings;
    this.topic = topic;
    this.publisher = publisher;
  }

  /** Connects to Kafka, whose topics must exist. */
  public static ShardMember open(ShardMemberSettings settings) {
    settings.registry().prepare();
    ShardTopic topic = new ShardTopic(settings.bootstrapServers(), settings.registry());
    EventPublisher publisher =
        EventPublisher.start(
            PublisherSettings.of(
                settings.bootstrapServers(), settings.registry(), settings.spillFolder()),
            Ticker.system());
    return new ShardMember(settings, topic, publisher);
  }

  /** Reports what waits for Kafka. */
  public void meter(MeterRegistry registry) {
    publisher.meter(registry);
  }

  /** Takes shards and sends them, until stopped. */
  public void run() throws InterruptedException {
    try (KafkaConsumer<byte[], byte[]> consumer =
        topic.consumer(
            Map.of(
                "group.id",
                GROUP,
                "client.id",
                settings.name(),
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName(),
                "session.timeout.ms",
                6000,
                "heartbeat.interval.ms",
                1500))) {
      consumer.subscribe(List.of(Topic.SHARDS.topicName()), new Assignments(consumer));
      while (!stopping) {
        for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
          fold(topic.decoded(read), read.partition());
        }
        takeOpen(consumer);
        held.entrySet().removeIf(each -> isSettled(each.getKey(), each.getValue()));
      }
    }
    held.values().forEach(HeldShard::fence);
  }

  private void fold(@Nullable SpecificRecord event, int partition) {
    if (event == null) {
      return;
    }
    ShardId id = ShardId.of(event);
    partitions.put(id, partition);
    Lease lease = leases.merge(id, Lease.UNKNOWN.then(event), (now, first) -> now.then(event));
    HeldShard mine = held.get(id);
    if (mine == null) {
      return;
    }
    if (lease.epoch() > mine.epoch()) {
      LOG.info(
          "another generator holds a shard now shard={} run={} holder={}",
          id.shard(),
          id.run(),
          lease.holder());
      mine.stop(lease.end() == null);
    }
  }

  /** Takes every open shard of the partitions whose history has been read. */
  private void takeOpen(KafkaConsumer<byte[], byte[]> consumer) throws InterruptedException {
    Set<Integer> current = new HashSet<>();
    for (TopicPartition partition : consumer.assignment()) {
      if (consumer.position(partition) >= history.getOrDefault(partition, 0L)) {
        current.add(partition.partition());
      }
    }
    for (Map.Entry<ShardId, Lease> each : leases.entrySet()) {
      ShardId id = each.getKey();
      if (each.getValue().isOpen()
          && !held.containsKey(id)
          && current.contains(partitions.get(id))) {
        take(id, each.getValue());
      }
    }
  }

  /** Whether a shard is over, and the log says so. */
  private boolean isSettled(ShardId id, HeldShard shard) {
    Lease lease = leases.get(id);
    return shard.isOver()
        && (lease == null || lease.end() != null || lease.epoch() > shard.epoch());
  }

  private void take(ShardId id, Lease lease) throws InterruptedException {
    ShardOffered offer = Objects.requireNonNull(lease.offer());
    if (isExpired(offer)) {
      leases.put(id, new Lease(null, lease.epoch(), null, null));
      return;
    }
    HeldShard shard =
        new HeldShard(
            settings, topic, partition(id), publisher, ticker, anchor, offer, lease.epoch() + 1);
    topic.write(
        new ShardTaken(
            id.run(), anchor.epochAt(ticker.nanos()), id.shard(), shard.epoch(), settings.name()),
        partition(id));
    held.put(id, shard);
    LOG.info("a shard is taken shard={} run={} epoch={}", id.shard(), id.run(), shard.epoch());
    Thread.ofPlatform().name("shard-" + id.shard()).start(shard);
  }

  /** Whether its last answer is overdue: whoever offered it is long gone. */
  private boolean isExpired(ShardOffered offer) {
    Long end = offer.getExpiresAt();
    return end != null && anchor.epochAt(ticker.nanos()) > end;
  }

  private int partition(ShardId id) {
    return Objects.requireNonNull(partitions.get(id));
  }

  /** Leaves the group as soon as possible; others take over what is held. */
  public void stop() {
    stopping = true;
  }

  @Override
  public void close() {
    publisher.close();
    topic.close();
  }

  /** Follows which partitions Kafka assigns. */
  private final class Assignments implements ConsumerRebalanceListener {

    private final KafkaConsumer<byte[], byte[]> consumer;

    Assignments(KafkaConsumer<byte[], byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer.seekToBeginning(partitions);
      history.putAll(consumer.endOffsets(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        history.remove(partition);
        held.forEach((id, shard) -> {
          if (partition(id) == partition.partition()) {
            shard.fence();
          }
        });
        leases.keySet().removeIf(id -> partition(id) == partition.partition());
      }
    }
  }
}
