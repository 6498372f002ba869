package dev.kvasir.producer.benchmark;

import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.calibration.StampingTrial;
import dev.kvasir.producer.calibration.Trial;
import dev.kvasir.producer.calibration.TrialResult;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.SelfWarmUp;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.Registry;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;

/**
 * How far a token's stamp lies behind its emission. Arguments: an emitter's address, tokens per
 * second of a stream, seconds, and the numbers of streams, separated by commas; then, to publish
 * the events meanwhile, the address of a Kafka that has the topics. Prints a row of a Markdown
 * table for each number of streams.
 */
final class StampingLag {

  private static final Duration SELF_WARM_UP = Duration.ofSeconds(8);

  static final String HEAD =
      """
      | client | streams | tokens/s | lag p50, ms | lag p99, ms | lag max, ms | ITL p50, ms | true |\
       ITL p99, ms | true | CPU/token, µs | bytes/token | reads/token | dispatch p99, ms | missing |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\
      """;

  private StampingLag() {}

  public static void main(String[] args) throws Exception {
    if (args.length < 4) {
      System.err.println(
          "usage: StampingLag EMITTER TOKENS_PER_SECOND SECONDS STREAMS[,…] [KAFKA]");
      System.exit(2);
    }
    Ticker ticker = Ticker.system();
    try (EventPublisher publisher = args.length > 4 ? publisher(args[4], ticker) : null;
        LoadClient client = LoadClient.open(ticker)) {
      EventSink events = publisher == null ? event -> {} : publisher::publish;
      Precedence.measureFirst();
      SelfWarmUp.run(client, SELF_WARM_UP, ticker, event -> {});
      StampingTrial trials = new StampingTrial(client, ticker, args[0], events);
      for (String streams : args[3].split(",")) {
        TrialResult result =
            trials.run(
                new Trial(
                    Integer.parseInt(streams),
                    Integer.parseInt(args[1]),
                    Integer.parseInt(args[2])));
        System.out.println(row(result));
      }
    }
  }

  static EventPublisher publisher(String kafka, Ticker ticker) throws Exception {
    return EventPublisher.start(
        PublisherSettings.of(kafka, Registry.embedded(), Files.createTempDirectory("spill")),
        ticker);
  }

  private static String row(TrialResult of) {
    return String.format(
        Locale.ROOT,
        "| Kvasir | %d | %.0f | %.3f | %.3f | %.3f | %.2f | %.2f | %.2f | %.2f | %.1f | %.0f |"
            + " %.2f | %.3f | %d |",
        of.streams(),
        of.tokensPerSecond(),
        of.lagP50Ms(),
        of.lagP99Ms(),
        of.lagMaxMs(),
        of.gapP50Ms(),
        of.trueGapP50Ms(),
        of.gapP99Ms(),
        of.trueGapP99Ms(),
        of.cpuMicrosPerToken(),
        of.bytesPerToken(),
        of.readsPerToken(),
        of.dispatchP99Ms(),
        of.missing());
  }
}
