package dev.kvasir.producer.benchmark;

import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.calibration.StampingTrial;
import dev.kvasir.producer.calibration.Trial;
import dev.kvasir.producer.calibration.TrialResult;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.SelfWarmUp;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What an outage of Kafka does to the stamps, and to the events. Arguments, both optional: streams
 * of 50 tokens/s (400), and seconds (60). The client takes tokens for so long with Kafka there, for
 * as long with Kafka killed by SIGKILL, and for as long once it is back; then every event must be
 * in the log once. Prints a row of a Markdown table for each, and what became of the events.
 */
final class Outage {

  private static final int RATE = 50;
  private static final Duration SELF_WARM_UP = Duration.ofSeconds(8);
  private static final Duration CAUGHT_UP_WITHIN = Duration.ofMinutes(10);
  private static final List<String> SERVER_JVM = List.of("-XX:+UseSerialGC", "-Xmx1g");

  private final Path folder = Files.createTempDirectory("benchmark-kafka");
  private final int port = freePort();
  private final int streams;
  private final int seconds;
  private final AtomicLong tokens = new AtomicLong();
  private final AtomicLong run = new AtomicLong();

  private Outage(int streams, int seconds) throws IOException {
    this.streams = streams;
    this.seconds = seconds;
  }

  public static void main(String[] args) throws Exception {
    new Outage(
            args.length > 0 ? Integer.parseInt(args[0]) : 400,
            args.length > 1 ? Integer.parseInt(args[1]) : 60)
        .measure();
  }

  private void measure() throws Exception {
    Ticker ticker = Ticker.system();
    Process emitter = ChildProcess.start(SERVER_JVM, EmitterProcess.class, Integer.toString(RATE));
    Process kafka = kafka();
    String bootstrap = ChildProcess.firstLine(kafka);
    try (EventPublisher publisher = StampingLag.publisher(bootstrap, ticker);
        LoadClient client = LoadClient.open(ticker)) {
      SelfWarmUp.run(client, SELF_WARM_UP, ticker, event -> {});
      StampingTrial trials =
          new StampingTrial(client, ticker, ChildProcess.firstLine(emitter), counting(publisher));
      System.out.println(
          "| Kafka | tokens/s | lag p50, ms | p99, ms | p99.9, ms | max, ms | missing |");
      System.out.println("|---|---|---|---|---|---|---|");
      show("there", trials);
      kafka.destroyForcibly().waitFor();
      show("away", trials);
      System.out.printf("%nat the end of the outage: %s%n%n", publisher.backlog());
      kafka = kafka();
      ChildProcess.firstLine(kafka);
      long back = ticker.nanos();
      show("back", trials);
      boolean caughtUp = publisher.flush(CAUGHT_UP_WITHIN);
      System.out.printf(
          "%nevery event acknowledged: %s, %.1f s after Kafka was back (the last load took %d s)%n",
          caughtUp, (ticker.nanos() - back) / 1e9, seconds);
      System.out.println(account(bootstrap, publisher));
    } finally {
      emitter.destroy();
      kafka.destroy();
    }
  }

  private EventSink counting(EventPublisher publisher) {
    return event -> {
      if (event instanceof TokenReceived token) {
        tokens.incrementAndGet();
        run.set(token.getRun());
      }
      publisher.publish(event);
    };
  }

  private void show(String kafka, StampingTrial trials) throws InterruptedException {
    TrialResult of = trials.run(new Trial(streams, RATE, seconds));
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.3f | %.3f | %.3f | %.3f | %d |%n",
        kafka,
        of.tokensPerSecond(),
        of.lagP50Ms(),
        of.lagP99Ms(),
        of.lagP999Ms(),
        of.lagMaxMs(),
        of.missing());
  }

  private String account(String bootstrap, EventPublisher publisher) {
    long inLog = 0;
    Set<TokenText> distinct = new HashSet<>();
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topic.TOKENS.topicName()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          inLog++;
          distinct.add(TokenText.of(record.value()));
        }
      }
    }
    return "%,d tokens taken, %,d lost, %,d in the log, %,d of them different"
        .formatted(tokens.get(), publisher.counts(run.get()).lost(), inLog, distinct.size());
  }

  /**
   * What a token's event says, as far as it tells events apart.
   *
   * @param first one hash of its bytes
   * @param second another
   */
  private record TokenText(long first, long second) {

    static TokenText of(byte[] value) {
      long first = 1125899906842597L;
      long second = -3750763034362895579L;
      for (byte each : value) {
        first = 31 * first + each;
        second = (second ^ each) * 1099511628211L;
      }
      return new TokenText(first, second);
    }
  }

  private Process kafka() throws IOException {
    return ChildProcess.start(
        SERVER_JVM, BrokerProcess.class, folder.toString(), Integer.toString(port));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A Java process beside this one. */
  private static final class ChildProcess {

    private ChildProcess() {}

    static Process start(List<String> jvm, Class<?> main, String... arguments) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-Dlogback.configurationFile=producer/benchmarks/logback.xml"));
      command.addAll(jvm);
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
      command.addAll(List.of(arguments));
      return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    static String firstLine(Process process) throws IOException {
      String line = process.inputReader().readLine();
      if (line == null) {
        throw new IllegalStateException("a process of the benchmark did not start");
      }
      return line;
    }
  }
}
