package dev.kvasir.producer.shard;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.verdict.ClientHealth;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What Kafka holds of one run: of each request, what was said under the highest epoch. */
public final class RunLog {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Map<Integer, RequestSent> sent = new TreeMap<>();
  private final Map<Integer, RequestFinished> finished = new TreeMap<>();
  private final Map<String, List<Double>> samples = new HashMap<>();
  private long requestsSent;
  private long requestsFinished;
  private long tokens;

  private RunLog() {}

  /** That of a run of which nothing was sent. */
  public static RunLog empty() {
    return new RunLog();
  }

  /**
   * Reads a run's requests, tokens and samples to their present ends.
   *
   * @param sinceNanos epoch nanoseconds of its first event
   */
  static RunLog read(ShardTopic topic, long run, long sinceNanos) {
    RunLog log = new RunLog();
    try (KafkaConsumer<byte[], byte[]> consumer =
        topic.consumer(Map.of("isolation.level", "read_committed"))) {
      log.read(consumer, Topic.REQUESTS, run, sinceNanos, read -> log.request(topic.decoded(read)));
      log.read(consumer, Topic.TOKENS, run, sinceNanos, read -> log.tokens++);
      log.read(consumer, Topic.SAMPLES, run, sinceNanos, read -> log.sample(topic.decoded(read)));
    }
    return log;
  }

  private void read(
      KafkaConsumer<byte[], byte[]> consumer,
      Topic topic,
      long run,
      long sinceNanos,
      Consumer<ConsumerRecord<byte[], byte[]>> reader) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic.topicName()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(each -> times.put(each, sinceNanos / 1_000_000));
    Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
    ends.forEach((partition, end) -> {
      OffsetAndTimestamp start = starts.get(partition);
      consumer.seek(partition, start == null ? end : start.offset());
    });
    while (ends.entrySet().stream()
        .anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
      for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
        if (EventKey.run(each.key()) == run) {
          reader.accept(each);
        }
      }
    }
  }

  private void request(@Nullable SpecificRecord event) {
    if (event instanceof RequestSent request) {
      requestsSent++;
      sent.merge(
          request.getOrdinal(),
          request,
          (one, other) -> one.getEpoch() >= other.getEpoch() ? one : other);
    } else if (event instanceof RequestFinished request) {
      requestsFinished++;
      finished.merge(
          request.getOrdinal(),
          request,
          (one, other) -> one.getEpoch() >= other.getEpoch() ? one : other);
    }
  }

  private void sample(@Nullable SpecificRecord event) {
    if (event instanceof Sampled sample && sample.getSource() == SampleSource.CLIENT) {
      samples.computeIfAbsent(sample.getName(), name -> new ArrayList<>()).add(sample.getValue());
    }
  }

  /** Requests that have ended. */
  public Set<Integer> ended() {
    return Set.copyOf(finished.keySet());
  }

  /** Requests that left and have not ended. */
  public Set<Integer> inFlight() {
    Set<Integer> open = new HashSet<>(sent.keySet());
    open.removeAll(finished.keySet());
    return open;
  }

  /**
   * The end of a request that was in flight when its generator died.
   *
   * @param ordinal one of {@link #inFlight}
   * @param frame its run, under the lease of who says so
   * @param at epoch nanoseconds of the event
   */
  public RequestFinished lost(int ordinal, RunFrame frame, long at) {
    RequestSent request = Objects.requireNonNull(sent.get(ordinal));
    return RequestFinished.newBuilder()
        .setRun(request.getRun())
        .setOrdinal(ordinal)
        .setAt(at)
        .setOutcome(Outcome.ABORTED)
        .setError("its generator died while the request was in flight")
        .setDueAt(request.getDueAt())
        .setSentAt(request.getAt())
        .setChunks(0)
        .setPhase(request.getPhase())
        .setPass(request.getPass())
        .setTtftSloNanos(frame.ttftSloNanos())
        .setTpotSloNanos(frame.tpotSloNanos())
        .setTimeoutNanos(frame.timeoutNanos())
        .setEpoch(frame.epoch())
        .build();
  }

  /** How the requests ended, by ordinal. */
  public Collection<RequestFinished> ends() {
    return List.copyOf(finished.values());
  }

  /**
   * How the generators fared: the lag of their requests, what their loops' lag exceeds in 1 second
   * of 20, and their longest collection of garbage.
   */
  public ClientHealth health() {
    double[] late =
        finished.values().stream()
            .filter(request -> request.getSentAt() != null)
            .mapToDouble(request -> request.getSentAt() - request.getDueAt())
            .toArray();
    return new ClientHealth(
        (long) percentile(late, 0.99), nanos("loop_lag_p99_ms", 0.95), nanos("gc_pause_ms", 1), 0);
  }

  private long nanos(String sample, double share) {
    double[] millis =
        samples.getOrDefault(sample, List.of()).stream().mapToDouble(Double::doubleValue).toArray();
    return (long) (percentile(millis, share) * 1e6);
  }

  /** 0 when there are none. */
  private static double percentile(double[] values, double share) {
    Arrays.sort(values);
    return values.length == 0 ? 0 : values[(int) (share * (values.length - 1))];
  }

  /** RequestSent events, of whatever epoch. */
  public long requestsSent() {
    return requestsSent;
  }

  /** RequestFinished events, of whatever epoch. */
  public long requestsFinished() {
    return requestsFinished;
  }

  /** TokenReceived events, of whatever epoch. */
  public long tokens() {
    return tokens;
  }
}
