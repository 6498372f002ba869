package dev.kvasir.app;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.sink.SinkSettings;
import dev.kvasir.sink.SinkStage;
import dev.kvasir.streams.StreamsSettings;
import dev.kvasir.streams.StreamsStage;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The pipeline alone, in one process: generated events through Kafka into Kafka Streams (exactly
 * once) and DuckDB at the same time. Each round is timed from the first event to the moment when
 * both the whole-run window and the warehouse hold every one of them.
 */
public final class PipelineBenchmark {

  private static final int TOKENS_PER_REQUEST = 200;
  private static final int STREAMS = 500;
  private static final long GAP_NANOS = 20_000_000;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Registry registry = Registry.embedded();
  private final Ticker ticker = Ticker.system();
  private final long beganAt = WallClock.system().epochNanos();
  private final EmbeddedBroker broker;
  private final SinkStage sink;

  private PipelineBenchmark(EmbeddedBroker broker, SinkStage sink) {
    this.broker = broker;
    this.sink = sink;
  }

  /** Arguments: token events a round (default 2,000,000) and rounds (default 3). */
  public static void main(String... arguments) throws Exception {
    int tokens = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    Path folder = Files.createTempDirectory("kvasir-benchmark");
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
      run(broker, folder, tokens, rounds);
    } finally {
      delete(folder);
    }
  }

  private static void run(EmbeddedBroker broker, Path folder, int tokens, int rounds)
      throws Exception {
    String servers = broker.bootstrapServers();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      TopicLayout.EMBEDDED.create(admin);
    }
    Registry registry = Registry.embedded();
    try (StreamsStage streams =
            StreamsStage.start(StreamsSettings.of(servers, registry, folder.resolve("streams")));
        SinkStage sink =
            SinkStage.start(
                SinkSettings.of(
                    servers,
                    registry,
                    folder.resolve("warehouse.duckdb"),
                    folder.resolve("exports"),
                    "benchmark-benchmark"))) {
      streams.awaitRunning(LIMIT);
      new PipelineBenchmark(broker, sink).rounds(tokens, rounds);
    }
  }

  private void rounds(int tokens, int rounds) throws InterruptedException {
    System.out.printf("warm-up: %,.0f token events/s%n", round(1, tokens / 2));
    double[] rates = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      rates[i] = round(i + 2L, tokens);
      System.out.printf("round %d: %,.0f token events/s%n", i + 1, rates[i]);
    }
    Arrays.sort(rates);
    System.out.printf(
        "median of %d rounds of %,d token events: %,.0f token events/s on %d processors%n",
        rounds, tokens, rates[rounds / 2], Runtime.getRuntime().availableProcessors());
  }

  private double round(long run, int tokens) throws InterruptedException {
    long began = ticker.nanos();
    publish(run, tokens);
    double published = seconds(began);
    if (!sink.awaitCaughtUp(LIMIT)) {
      throw new IllegalStateException("the sink has not caught up within " + LIMIT);
    }
    double landed = seconds(began);
    awaitWindow(run, tokens / TOKENS_PER_REQUEST * TOKENS_PER_REQUEST);
    double measured = seconds(began);
    System.out.printf(
        "  published after %.1f s, in DuckDB after %.1f s, in its window after %.1f s%n",
        published, landed, measured);
    return tokens / measured;
  }

  private double seconds(long since) {
    return (ticker.nanos() - since) / 1e9;
  }

  private void publish(long run, int tokens) {
    Map<String, Object> settings =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.bootstrapServers(),
            ProducerConfig.LINGER_MS_CONFIG,
            5,
            ProducerConfig.BATCH_SIZE_CONFIG,
            256 << 10,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            64L << 20,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4");
    SplittableRandom random = new SplittableRandom(run);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new EventSerializer(registry))) {
      int requests = tokens / TOKENS_PER_REQUEST;
      for (int first = 0; first < requests; first += STREAMS) {
        wave(producer, random, run, first, Math.min(first + STREAMS, requests));
      }
    }
  }

  /** Requests that stream side by side, one chunk of each in turn. */
  private void wave(
      KafkaProducer<byte[], SpecificRecord> producer,
      SplittableRandom random,
      long run,
      int first,
      int end) {
    long sentAt = beganAt + run * 100_000_000_000L + first / STREAMS * GAP_NANOS * 10;
    for (int ordinal = first; ordinal < end; ordinal++) {
      producer.send(EventRecord.of(sent(run, ordinal, sentAt)));
    }
    for (int index = 0; index < TOKENS_PER_REQUEST; index++) {
      for (int ordinal = first; ordinal < end; ordinal++) {
        long at = sentAt + (index + 1) * GAP_NANOS / 10 + random.nextInt(1_000_000);
        producer.send(EventRecord.of(token(run, ordinal, index, at, at - sentAt)));
      }
    }
    for (int ordinal = first; ordinal < end; ordinal++) {
      producer.send(EventRecord.of(finished(run, ordinal, sentAt)));
    }
  }

  private static TokenReceived token(long run, int ordinal, int index, long at, long since) {
    boolean opening = index == 0;
    return new TokenReceived(
        run,
        ordinal,
        index,
        at,
        1,
        opening ? null : GAP_NANOS / 10,
        opening ? since : null,
        opening ? since : null,
        index + 1,
        TokenMetrics.flags(Phase.MEASURE, false));
  }

  private static RequestSent sent(long run, int ordinal, long at) {
    return RequestSent.newBuilder()
        .setRun(run)
        .setOrdinal(ordinal)
        .setAt(at)
        .setDueAt(at)
        .setPhase(Phase.MEASURE)
        .build();
  }

  private static RequestFinished finished(long run, int ordinal, long sentAt) {
    long last = sentAt + TOKENS_PER_REQUEST * GAP_NANOS / 10 + 2_000_000;
    return RequestFinished.newBuilder()
        .setRun(run)
        .setOrdinal(ordinal)
        .setAt(last)
        .setOutcome(Outcome.OK)
        .setStatus(200)
        .setDueAt(sentAt)
        .setSentAt(sentAt)
        .setFirstContentAt(sentAt + GAP_NANOS)
        .setLastContentAt(last)
        .setOutputTokens(TOKENS_PER_REQUEST)
        .setChunks(TOKENS_PER_REQUEST)
        .setPhase(Phase.MEASURE)
        .setTimeoutNanos(60_000_000_000L)
        .build();
  }

  private void awaitWindow(long run, long tokens) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    try (var consumer =
        new KafkaConsumer<>(
            settings, new ByteArrayDeserializer(), new EventDeserializer(registry))) {
      consumer.assign(
          consumer.partitionsFor(Topic.WINDOWS.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
      long began = ticker.nanos();
      while (seconds(began) < LIMIT.toSeconds()) {
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          if (record.value() instanceof WindowMeasured window
              && window.getRun() == run
              && window.getSeconds() == 0
              && window.getChunks() == tokens) {
            return;
          }
        }
      }
    }
    throw new IllegalStateException("no window holds all " + tokens + " events of run " + run);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
