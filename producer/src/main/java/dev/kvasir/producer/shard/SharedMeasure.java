package dev.kvasir.producer.shard;

import dev.kvasir.event.ShardFinished;
import dev.kvasir.event.ShardOffered;
import dev.kvasir.event.ShardTaken;
import dev.kvasir.time.Pause;
import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The measured phase of a run whose requests other generators send: offers the shards and waits for
 * the end of each. Owned by the thread that executes the plan.
 */
public final class SharedMeasure implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int TRIES_UNTIL_JOINED = 300;
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final String bootstrapServers;
  private final ShardTopic topic;
  private final int shards;
  private final LongSupplier epochNanos;
  private final Map<ShardId, Lease> leases = new HashMap<>();

  /** Where each shard is offered: spread over the generators, as Kafka has assigned them. */
  private final int[] partitions;

  private final List<String> remarks = new ArrayList<>();

  /**
   * A measured phase of so many shards.
   *
   * @param epochNanos now
   */
  public SharedMeasure(
      String bootstrapServers, Registry registry, int shards, LongSupplier epochNanos) {
    this.bootstrapServers = bootstrapServers;
    this.topic = new ShardTopic(bootstrapServers, registry);
    this.shards = shards;
    this.partitions = IntStream.range(0, shards).map(each -> each % topic.partitions()).toArray();
    this.epochNanos = epochNanos;
  }

  /**
   * Waits until as many generators as shards have joined.
   *
   * @throws IllegalStateException if they have not within a minute
   */
  public void awaitGenerators(BooleanSupplier stopping) throws InterruptedException {
    if (shards > topic.partitions()) {
      throw new IllegalStateException(
          "%d generators cannot share a run over the %d partitions of the topic of shards: ask for at most %d"
              .formatted(shards, topic.partitions(), topic.partitions()));
    }
    int joined = 0;
    try (Admin admin = Admin.create(ClientAccess.ofProcess().kafka(bootstrapServers, Map.of()))) {
      for (int tries = 0; tries < TRIES_UNTIL_JOINED && !stopping.getAsBoolean(); tries++) {
        List<Set<Integer>> assigned = assigned(admin);
        joined = assigned.size();
        if (joined >= shards) {
          spread(assigned);
          return;
        }
        Pause.of(LOOK_AGAIN);
      }
    }
    if (!stopping.getAsBoolean()) {
      throw new IllegalStateException(
          "%d of %d generators have joined: start 'kvasir produce --join' on each machine, with the same --bootstrap-servers"
              .formatted(joined, shards));
    }
  }

  /** The partitions of each generator that has some. */
  private static List<Set<Integer>> assigned(Admin admin) throws InterruptedException {
    try {
      return admin
          .describeConsumerGroups(List.of(ShardMember.GROUP))
          .describedGroups()
          .values()
          .iterator()
          .next()
          .get()
          .members()
          .stream()
          .map(member ->
              member.assignment().topicPartitions().stream()
                  .map(TopicPartition::partition)
                  .collect(Collectors.toSet()))
          .filter(own -> !own.isEmpty())
          .toList();
    } catch (ExecutionException e) {
      return List.of();
    }
  }

  private void spread(List<Set<Integer>> assigned) {
    for (int shard = 0; shard < shards; shard++) {
      List<Integer> own = assigned.get(shard % assigned.size()).stream().sorted().toList();
      partitions[shard] = own.get(shard / assigned.size() % own.size());
    }
  }

  /**
   * Offers every shard of a run and waits until each has ended, or the run is stopped.
   *
   * @param first the offer of shard 0
   * @return what came of it
   */
  public RunLog measure(ShardOffered first, BooleanSupplier stopping) throws InterruptedException {
    for (int shard = 0; shard < shards; shard++) {
      topic.write(
          ShardOffered.newBuilder(first).setShard(shard).setShards(shards).build(),
          partitions[shard]);
    }
    try (KafkaConsumer<byte[], byte[]> consumer = topic.wholeConsumer()) {
      boolean told = false;
      long patience = Long.MAX_VALUE;
      while (!ended(first.getRun()) && epochNanos.getAsLong() < patience) {
        if (stopping.getAsBoolean() && !told) {
          told = true;
          patience = epochNanos.getAsLong() + LAST_WORDS.toNanos();
          withdraw(first.getRun());
        }
        for (ConsumerRecord<byte[], byte[]> read : consumer.poll(POLL)) {
          fold(first.getRun(), topic.decoded(read));
        }
      }
      if (told) {
        Pause.of(LAST_WORDS);
      }
    }
    return RunLog.read(topic, first.getRun(), first.getAt());
  }

  private void fold(long run, @Nullable SpecificRecord event) {
    if (event == null || EventRecord.run(event) != run) {
      return;
    }
    ShardId id = ShardId.of(event);
    Lease before = leases.getOrDefault(id, Lease.UNKNOWN);
    leases.put(id, before.then(event));
    if (event instanceof ShardTaken taken && taken.getEpoch() > 1) {
      remarks.add(
          "shard %d was taken over from %s by %s, epoch %d"
              .formatted(id.shard(), before.holder(), taken.getGenerator(), taken.getEpoch()));
    }
  }

  private boolean ended(long run) {
    for (int shard = 0; shard < shards; shard++) {
      if (leases.getOrDefault(new ShardId(run, shard), Lease.UNKNOWN).end() == null) {
        return false;
      }
    }
    return true;
  }

  /** Ends every shard that has not, above its holder's epoch. */
  private void withdraw(long run) throws InterruptedException {
    for (int shard = 0; shard < shards; shard++) {
      Lease lease = leases.getOrDefault(new ShardId(run, shard), Lease.UNKNOWN);
      if (lease.end() == null) {
        topic.write(
            new ShardFinished(
                run, epochNanos.getAsLong(), shard, lease.epoch() + 1, 0L, 0L, 0L, 0L),
            partitions[shard]);
      }
    }
  }

  /** What happened to shards, one sentence each. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** Events that generators lost. */
  public long eventsLost() {
    return leases.values().stream()
        .map(Lease::end)
        .filter(Objects::nonNull)
        .mapToLong(ShardFinished::getEventsLost)
        .sum();
  }

  @Override
  public void close() {
    topic.close();
  }
}
