package dev.kvasir.sink;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How fast the sink loads a log of tokens, and how many bytes a token takes on disk. The streams
 * have a token each 20 ms with normal jitter of 3 ms, and 1 % of the gaps are 5 to 35 times longer;
 * a request has 256 tokens. {@code replay} fills the topic first and then loads it; {@code live}
 * loads while tokens come at the pace of the streams, so that transactions are small.
 *
 * <p>{@code java -cp 'LIB/*' sink/benchmarks/java/dev/kvasir/sink/LoadBenchmark.java [replay|live]
 * [TOKENS] [STREAMS]}, where LIB is a folder of Kvasir's jars.
 */
class LoadBenchmark {

  private static final long START = 1_790_000_000_000_000_000L;
  private static final long RUN = 1_790_000_000_000_000L;
  private static final Ticker TICKER = Ticker.system();
  private static final int TOKENS_PER_REQUEST = 256;

  public static void main(String[] args) throws Exception {
    boolean live = args.length > 0 && args[0].equals("live");
    int tokens = args.length > 1 ? Integer.parseInt(args[1]) : 3_000_000;
    int streams = args.length > 2 ? Integer.parseInt(args[2]) : 500;
    Path folder = Files.createTempDirectory("load-benchmark");
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        TopicLayout.EMBEDDED.create(admin);
      }
      SinkSettings settings =
          SinkSettings.of(
              broker.bootstrapServers(),
              Registry.embedded(),
              folder.resolve("warehouse.duckdb"),
              folder.resolve("exports"),
              "a-token-that-nobody-needs");
      double seconds =
          live
              ? liveLoad(broker, settings, tokens, streams)
              : replay(broker, settings, tokens, streams);
      long bytes = Files.size(settings.warehouse());
      System.out.printf(
          "%s: %,d tokens of %d streams in %.2f s = %,.0f tokens/s; %,d bytes on disk = %.2f per token%n",
          live ? "live" : "replay",
          tokens,
          streams,
          seconds,
          tokens / seconds,
          bytes,
          (double) bytes / tokens);
    } finally {
      try (var files = Files.walk(folder)) {
        files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }

  private static double replay(
      EmbeddedBroker broker, SinkSettings settings, int tokens, int streams) throws Exception {
    long filling = TICKER.nanos();
    publish(broker, tokens, streams, false);
    System.out.printf("filled in %.2f s%n", (TICKER.nanos() - filling) / 1e9);
    long begin = TICKER.nanos();
    long cpu = cpuNanos();
    try (SinkStage sink = SinkStage.start(settings)) {
      report(sink);
      System.out.printf(
          "%.2f µs of CPU per token, broker included%n", (cpuNanos() - cpu) / 1e3 / tokens);
      return (TICKER.nanos() - begin) / 1e9;
    }
  }

  private static double liveLoad(
      EmbeddedBroker broker, SinkSettings settings, int tokens, int streams) throws Exception {
    try (SinkStage sink = SinkStage.start(settings)) {
      long begin = TICKER.nanos();
      publish(broker, tokens, streams, true);
      report(sink);
      return (TICKER.nanos() - begin) / 1e9;
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void report(SinkStage sink) throws InterruptedException {
    if (!sink.awaitCaughtUp(Duration.ofMinutes(5))) {
      throw new IllegalStateException("the sink did not catch up");
    }
    System.out.println(sink.counters());
  }

  private record Stream(int number, long at, int sent) {}

  private static void publish(EmbeddedBroker broker, int tokens, int streams, boolean paced)
      throws Exception {
    Random random = new Random(7);
    PriorityQueue<Stream> next = new PriorityQueue<>((a, b) -> Long.compare(a.at, b.at));
    for (int i = 0; i < streams; i++) {
      next.add(new Stream(i, START + random.nextLong(5_000_000_000L), 0));
    }
    long begin = TICKER.nanos();
    try (EventSerializer serializer = new EventSerializer(Registry.embedded());
        KafkaProducer<byte[], byte[]> producer = producer(broker)) {
      for (int i = 0; i < tokens; i++) {
        Stream stream = next.poll();
        TokenReceived token = token(stream, streams);
        if (paced && i % 100 == 0) {
          waitUntil(begin + token.getAt() - START);
        }
        var entry = EventRecord.of(token);
        var _ =
            producer.send(
                new ProducerRecord<>(
                    entry.topic(),
                    null,
                    entry.timestamp(),
                    entry.key(),
                    serializer.serialize(Topic.TOKENS.topicName(), token)));
        next.add(new Stream(stream.number, stream.at + gap(random), stream.sent + 1));
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "linger.ms",
            5,
            "batch.size",
            256 << 10,
            "compression.type",
            "lz4"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static TokenReceived token(Stream stream, int streams) {
    int index = stream.sent % TOKENS_PER_REQUEST;
    int request = stream.sent / TOKENS_PER_REQUEST;
    Long since = index == 0 ? (Long) 100_000_000L : null;
    return new TokenReceived(
        RUN,
        stream.number + streams * request,
        index,
        stream.at,
        1,
        index == 0 ? null : (Long) 20_000_000L,
        since,
        since,
        1 + stream.sent + request,
        1);
  }

  private static long gap(Random random) {
    double gap = Math.max(1_000, 20_000_000 + 3_000_000 * random.nextGaussian());
    return (long) (random.nextInt(100) == 0 ? gap * (5 + random.nextInt(31)) : gap);
  }

  private static void waitUntil(long nanos) throws InterruptedException {
    long left = nanos - TICKER.nanos();
    if (left > 1_000_000) {
      Pause.of(Duration.ofNanos(left));
    }
  }
}
