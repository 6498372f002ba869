package dev.kvasir.producer.shard;

import dev.kvasir.event.ShardFinished;
import dev.kvasir.event.ShardOffered;
import dev.kvasir.event.ShardTaken;
import dev.kvasir.time.Pause;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The measured phase of a run whose requests other generators send: offers the shards and waits for
 * the end of each. Owned by the thread that executes the plan.
 */
public final class SharedMeasure implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int TRIES_UNTIL_JOINED = 300;
  private static final Duration LOOK_AT_GROUP = Duration.ofSeconds(3);
  private static final Duration ABANDONED = Duration.ofSeconds(20);
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final GeneratorGroup group;
  private final ShardTopic topic;
  private final int shards;
  private final LongSupplier epochNanos;
  private final Map<ShardId, Lease> leases = new HashMap<>();

  /** Where each shard is offered: spread over the generators, as Kafka has assigned them. */
  private final int[] partitions;

  private final List<String> remarks = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private long nextLook;
  private long lastSeen;

  /**
   * A measured phase of so many shards.
   *
   * @param epochNanos now
   */
  public SharedMeasure(
      String bootstrapServers, Registry registry, int shards, LongSupplier epochNanos) {
    this.group = new GeneratorGroup(bootstrapServers);
    this.topic = new ShardTopic(bootstrapServers, registry);
    this.shards = shards;
    this.partitions = IntStream.range(0, shards).map(each -> each % topic.partitions()).toArray();
    this.epochNanos = epochNanos;
  }

  /**
   * Waits until as many generators as shards have joined, for a minute at most.
   *
   * @return why they cannot share a run; null when they can
   */
  public @Nullable String awaitGenerators(BooleanSupplier stopping) throws InterruptedException {
    if (shards > topic.partitions()) {
      return "%d generators cannot share a run over the %d partitions of the topic of shards: ask for at most %d"
          .formatted(shards, topic.partitions(), topic.partitions());
    }
    int joined = 0;
    for (int tries = 0; tries < TRIES_UNTIL_JOINED && !stopping.getAsBoolean(); tries++) {
      List<Set<Integer>> assigned = group.assigned();
      joined = assigned.size();
      if (joined >= shards) {
        spread(assigned);
        return null;
      }
      Pause.of(LOOK_AGAIN);
    }
    return stopping.getAsBoolean()
        ? null
        : "%d of %d generators have joined: start 'kvasir produce --join' on each machine, with the same --bootstrap-servers"
            .formatted(joined, shards);
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
        if (!told && (stopping.getAsBoolean() || isAbandoned())) {
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

  /** Whether no generator has shared runs for a while, which is looked at now and then. */
  private boolean isAbandoned() throws InterruptedException {
    long now = epochNanos.getAsLong();
    if (now < nextLook) {
      return false;
    }
    nextLook = now + LOOK_AT_GROUP.toNanos();
    if (!group.assigned().isEmpty()) {
      lastSeen = now;
      return false;
    }
    boolean abandoned = lastSeen != 0 && now - lastSeen > ABANDONED.toNanos();
    if (abandoned) {
      failures.add("no generator has shared the run for " + ABANDONED.toSeconds() + " s");
    }
    return abandoned;
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
    if (event instanceof ShardFinished end && before.end() == null) {
      failed(id, end);
    }
  }

  private void failed(ShardId id, ShardFinished end) {
    if (end.getFailure() != null) {
      failures.add("shard %d failed at %s".formatted(id.shard(), end.getFailure()));
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
                run, epochNanos.getAsLong(), shard, lease.epoch() + 1, 0L, 0L, 0L, 0L, null),
            partitions[shard]);
      }
    }
  }

  /** Why shards were not sent to their end, one sentence each. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  /** What happened to shards, one sentence each. */
  public List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** The highest lease epoch that a shard had; 0 when nobody took one. */
  public int highestEpoch() {
    return leases.values().stream().mapToInt(Lease::epoch).max().orElse(0);
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
    group.close();
    topic.close();
  }
}
