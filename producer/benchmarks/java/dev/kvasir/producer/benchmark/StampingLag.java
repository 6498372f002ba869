package dev.kvasir.producer.benchmark;

import com.sun.management.OperatingSystemMXBean;
import dev.kvasir.event.Phase;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.Pace;
import dev.kvasir.producer.client.PhaseLoad;
import dev.kvasir.producer.client.PhaseTally;
import dev.kvasir.producer.client.SelfWarmUp;
import dev.kvasir.producer.exchange.Dialect;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.TopicLayout;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;

/**
 * How far a token's stamp lies behind its emission, against an emitter in a process of its own.
 *
 * <p>Arguments: tokens per second of a stream, seconds, and the numbers of streams, separated by
 * commas; then, to publish the events meanwhile, the address of a Kafka. Prints a line for each
 * number of streams.
 */
final class StampingLag {

  private static final Duration SELF_WARM_UP = Duration.ofSeconds(8);

  private final int rate;
  private final int seconds;
  private final LoadClient client = LoadClient.open(Ticker.system());
  private final Ticker ticker = Ticker.system();
  private final EpochAnchor anchor = EpochAnchor.measure(ticker, WallClock.system());
  private final OperatingSystemMXBean machine =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private StampingLag(int rate, int seconds) {
    this.rate = rate;
    this.seconds = seconds;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 3) {
      System.err.println("usage: StampingLag TOKENS_PER_SECOND SECONDS STREAMS[,…] [KAFKA]");
      System.exit(2);
    }
    StampingLag benchmark = new StampingLag(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    try (EventPublisher publisher = args.length > 3 ? publisher(args[3]) : null) {
      EventSink events = publisher == null ? event -> {} : publisher::publish;
      SelfWarmUp.run(benchmark.client, SELF_WARM_UP, benchmark.ticker, event -> {});
      System.out.println(
          "streams  tokens/s    lag p50    lag p99  lag p99.9    lag max  gap p50  gap p99"
              + "  true gap p99  CPU/token  dispatch p99  lost");
      for (String streams : args[2].split(",")) {
        benchmark.measure(Integer.parseInt(streams), events);
      }
    } finally {
      benchmark.client.close();
    }
  }

  private static EventPublisher publisher(String kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      TopicLayout.EMBEDDED.create(admin);
    }
    Path spill = Files.createTempDirectory("spill");
    return EventPublisher.start(
        PublisherSettings.of(kafka, Registry.embedded(), spill), Ticker.system());
  }

  private void measure(int streams, EventSink publish) throws Exception {
    Path log = Files.createTempFile("emissions", ".bin");
    Process emitter = emitter(log);
    String url =
        new BufferedReader(new InputStreamReader(emitter.getInputStream(), StandardCharsets.UTF_8))
            .readLine();
    ConcurrentLinkedQueue<TokenReceived> tokens = new ConcurrentLinkedQueue<>();
    drive(url, streams, 2, Phase.WARM_UP, event -> {});
    long cpu = machine.getProcessCpuTime();
    long start = ticker.nanos();
    PhaseTally tally =
        drive(
            url,
            streams,
            seconds,
            Phase.MEASURE,
            event -> {
              if (event instanceof TokenReceived token) {
                tokens.add(token);
              }
              publish.accept(event);
            });
    double elapsed = (ticker.nanos() - start) / 1e9;
    cpu = machine.getProcessCpuTime() - cpu;
    emitter.getOutputStream().close();
    emitter.waitFor();
    report(streams, new ArrayList<>(tokens), read(log), elapsed, cpu, tally);
    Files.delete(log);
  }

  private Process emitter(Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseZGC",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            EmitterProcess.class.getName(),
            Long.toString(1_000_000_000L / rate),
            log.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private PhaseTally drive(String url, int streams, int length, Phase phase, EventSink events)
      throws Exception {
    Prompt prompt =
        new Prompt(List.of(new Message("user", "hello")), 1, rate * length, null, null, null);
    RunFrame frame =
        new RunFrame(
            1,
            anchor,
            Dialect.of(Protocol.OPENAI_COMPLETIONS),
            null,
            null,
            Duration.ofMinutes(5).toNanos(),
            false);
    LoadPoint.Open load = new LoadPoint.Open(new ArrivalProcess.Poisson(), streams, null);
    return client
        .drive(
            new PhaseLoad(
                frame,
                "benchmark",
                phase,
                1,
                Endpoint.parse(url, ""),
                Map.of(),
                Collections.nCopies(streams, prompt),
                each -> new Question("m", each, false, false, Map.of()),
                new Pace.Open(Schedule.of(load, streams, 42), ticker.nanos(), null),
                events))
        .get();
  }

  private static Map<Long, Long> read(Path log) throws IOException {
    Map<Long, Long> emissions = new HashMap<>();
    long records = Files.size(log) / 16;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(log)))) {
      for (long i = 0; i < records; i++) {
        emissions.put(in.readLong(), in.readLong());
      }
    }
    return emissions;
  }

  private void report(
      int streams,
      List<TokenReceived> tokens,
      Map<Long, Long> emissions,
      double elapsed,
      long cpuNanos,
      PhaseTally tally) {
    Histogram lag = new Histogram(3);
    Histogram gap = new Histogram(3);
    Histogram trueGap = new Histogram(3);
    for (TokenReceived token : tokens) {
      long key = ((long) token.getOrdinal() << 32) | token.getIndex();
      Long emitted = emissions.get(key);
      if (emitted == null) {
        throw new IllegalStateException("token " + token + " was never emitted");
      }
      lag.recordValue(Math.max(0, anchor.monotonicAt(token.getAt()) - emitted));
      if (token.getGapNanos() != null) {
        gap.recordValue(token.getGapNanos());
        trueGap.recordValue(emitted - emissions.get(key - 1));
      }
    }
    System.out.printf(
        "%7d %9.0f %7.3f ms %7.3f ms %7.3f ms %7.3f ms %5.2f ms %5.2f ms %10.2f ms %7.1f us"
            + " %10.3f ms %5d%n",
        streams,
        tokens.size() / elapsed,
        lag.getValueAtPercentile(50) / 1e6,
        lag.getValueAtPercentile(99) / 1e6,
        lag.getValueAtPercentile(99.9) / 1e6,
        lag.getMaxValue() / 1e6,
        gap.getValueAtPercentile(50) / 1e6,
        gap.getValueAtPercentile(99) / 1e6,
        trueGap.getValueAtPercentile(99) / 1e6,
        cpuNanos / 1e3 / tokens.size(),
        tally.dispatchLagP99Nanos() / 1e6,
        emissions.size() - tokens.size());
  }
}
