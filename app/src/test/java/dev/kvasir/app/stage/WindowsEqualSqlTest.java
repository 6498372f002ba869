package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.sink.SinkSettings;
import dev.kvasir.sink.SinkStage;
import dev.kvasir.streams.StreamsSettings;
import dev.kvasir.streams.StreamsStage;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.TopicLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The live windows against SQL over the same events: both read one log, one through sketches and
 * panes, the other exactly.
 */
class WindowsEqualSqlTest {

  private static final long MS = 1_000_000;
  private static final long START = 1_760_000_000_000L * MS;
  private static final long TTFT_LIMIT = 150 * MS;
  private static final long TPOT_LIMIT = 30 * MS;
  private static final int REQUESTS = 300;
  private static final long[] SEEDS = {11, 12};

  /** Windows whose counts differ from those of the events in their seconds. */
  private static final String COUNTS_THAT_DIFFER =
      """
      WITH chunk AS (
        SELECT run, at_ns // 1000000000 AS second, tokens FROM tokens WHERE phase = 'MEASURE'
      ),
      ended AS (
        SELECT run, end_at_ns // 1000000000 AS second, outcome, attained, attained_ttft,
          attained_tpot
        FROM requests WHERE phase = 'MEASURE'
      ),
      exact AS (
        SELECT w.run, w.seconds, w.end_second,
          (SELECT struct_pack(n := count(*), t := coalesce(sum(tokens), 0)) FROM chunk c
            WHERE c.run = w.run AND c.second < w.end_second
              AND (w.seconds = 0 OR c.second >= w.end_second - w.seconds)) AS chunks,
          (SELECT struct_pack(ok := count(*) FILTER (WHERE outcome = 'OK'),
              failed := count(*) FILTER (WHERE outcome <> 'OK'),
              both_met := count(*) FILTER (WHERE attained),
              ttft := count(*) FILTER (WHERE attained_ttft),
              tpot := count(*) FILTER (WHERE attained_tpot)) FROM ended e
            WHERE e.run = w.run AND e.second < w.end_second
              AND (w.seconds = 0 OR e.second >= w.end_second - w.seconds)) AS ended
        FROM windows w
      )
      SELECT w.run, w.seconds, w.end_second, w.chunks, x.chunks, w.ok, w.failed, w.attained, x.ended
      FROM windows w JOIN exact x USING (run, seconds, end_second)
      WHERE (w.chunks, w.tokens) IS DISTINCT FROM (x.chunks.n, x.chunks.t)
        OR (w.ok, w.failed, w.attained, w.attained_ttft, w.attained_tpot) IS DISTINCT FROM
          (x.ended.ok, x.ended.failed, x.ended.both_met, x.ended.ttft, x.ended.tpot)
      """;

  /** Windows whose percentiles are not within 0.5 % of the element at rank ⌊q(n−1)⌋. */
  private static final String PERCENTILES_THAT_DIFFER =
      """
      WITH latency AS (
        SELECT run, at_ns // 1000000000 AS second, 'itl' AS name, gap_ns::DOUBLE AS ns
        FROM tokens WHERE phase = 'MEASURE' AND gap_ns IS NOT NULL
        UNION ALL
        SELECT run, first_content_at_ns // 1000000000, 'ttft', ttft_ms * 1e6
        FROM requests WHERE phase = 'MEASURE' AND ttft_ms IS NOT NULL
        UNION ALL
        SELECT run, end_at_ns // 1000000000, 'tpot', tpot_ms * 1e6
        FROM requests WHERE phase = 'MEASURE' AND tpot_ms IS NOT NULL
      ),
      live AS (
        SELECT run, seconds, end_second, 'itl' AS name, itl_count AS n,
          [itl_p50_ns, itl_p90_ns, itl_p99_ns] AS estimates FROM windows
        UNION ALL
        SELECT run, seconds, end_second, 'ttft', ttft_count,
          [ttft_p50_ns, ttft_p90_ns, ttft_p99_ns] FROM windows
        UNION ALL
        SELECT run, seconds, end_second, 'tpot', tpot_count,
          [tpot_p50_ns, tpot_p90_ns, tpot_p99_ns] FROM windows
      ),
      exact AS (
        SELECT w.run, w.seconds, w.end_second, w.name, w.n, w.estimates,
          (SELECT list_sort(list(l.ns)) FROM latency l
            WHERE l.run = w.run AND l.name = w.name AND l.second < w.end_second
              AND (w.seconds = 0 OR l.second >= w.end_second - w.seconds)) AS sorted
        FROM live w
      ),
      pair AS (
        SELECT *, estimates[i] AS estimate,
          sorted[floor([0.5, 0.9, 0.99][i] * (len(sorted) - 1))::INTEGER + 1] AS element
        FROM exact CROSS JOIN range(1, 4) q(i)
      )
      SELECT run, seconds, end_second, name, n, len(sorted), estimate, element FROM pair
      WHERE coalesce(n, 0) <> coalesce(len(sorted), 0)
        OR (element IS NOT NULL AND abs(estimate - element) > 0.00500001 * element)
      """;

  @TempDir private Path folder;

  @Test
  void windowsCountExactlyAndTheirPercentilesAreWithinTheSketchsError() throws Exception {
    Registry registry = Registry.embedded();
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
      String servers = broker.bootstrapServers();
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
        TopicLayout.EMBEDDED.create(admin);
      }
      try (StreamsStage streams =
              StreamsStage.start(StreamsSettings.of(servers, registry, folder.resolve("streams")));
          SinkStage sink =
              SinkStage.start(
                  SinkSettings.of(
                      servers,
                      registry,
                      folder.resolve("warehouse.duckdb"),
                      folder.resolve("exports"),
                      "a-token-for-the-test"))) {
        streams.awaitRunning(Duration.ofMinutes(1));
        long chunks = 0;
        for (long seed : SEEDS) {
          List<SpecificRecord> events = events(seed);
          publish(servers, registry, events);
          chunks += measuredChunks(events);
        }
        awaitWholeRuns(sink, chunks);

        assertThat(sink.queries().query(COUNTS_THAT_DIFFER).rows())
            .as("seeds %s", (Object) SEEDS)
            .isEmpty();
        assertThat(sink.queries().query(PERCENTILES_THAT_DIFFER).rows())
            .as("seeds %s", (Object) SEEDS)
            .isEmpty();
        assertThat(
                sink.queries()
                    .query("SELECT count(DISTINCT run) FROM windows")
                    .rows()
                    .getFirst()
                    .get(0))
            .as("runs that were compared")
            .isEqualTo((long) SEEDS.length);
      }
    }
  }

  /** Waits until the last revision of every window is in: the runs' panes hold all chunks. */
  private static void awaitWholeRuns(SinkStage sink, long chunks) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> {
          assertThat(sink.awaitCaughtUp(Duration.ofSeconds(30))).isTrue();
          assertThat(
                  sink.queries()
                      .query(
                          "SELECT sum(n)::BIGINT FROM"
                              + " (SELECT max(chunks) AS n FROM windows WHERE seconds = 0"
                              + " GROUP BY run)")
                      .rows()
                      .getFirst()
                      .get(0))
              .isEqualTo(chunks);
          assertThat(sink.queries().query(COUNTS_THAT_DIFFER).rows()).isEmpty();
        });
  }

  private static long measuredChunks(List<SpecificRecord> events) {
    return events.stream()
        .filter(event -> event instanceof TokenReceived token && TokenMetrics.measured(token))
        .count();
  }

  private static void publish(String servers, Registry registry, List<SpecificRecord> events) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", servers),
            new ByteArraySerializer(),
            new EventSerializer(registry))) {
      events.forEach(event -> producer.send(EventRecord.of(event)));
    }
  }

  /** A run of some 40 seconds whose events arrive up to a second and a half out of order. */
  private static List<SpecificRecord> events(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<SpecificRecord> events = new ArrayList<>();
    for (int ordinal = -10; ordinal < REQUESTS; ordinal++) {
      request(events, random, seed, ordinal);
    }
    Map<SpecificRecord, Long> arrival = new IdentityHashMap<>();
    events.forEach(
        event -> arrival.put(event, EventRecord.at(event) + random.nextLong(1_500 * MS)));
    events.sort(Comparator.comparing(arrival::get));
    long end = events.stream().mapToLong(EventRecord::at).max().orElseThrow();
    events.add(
        RunFinished.newBuilder()
            .setRun(seed)
            .setAt(end + 1)
            .setVerdict(Verdict.VALID)
            .setRequestsSent(count(events, RequestSent.class))
            .setRequestsFinished(count(events, RequestFinished.class))
            .setTokensReceived(count(events, TokenReceived.class))
            .build());
    return events;
  }

  private static long count(List<SpecificRecord> events, Class<?> type) {
    return events.stream().filter(type::isInstance).count();
  }

  private static void request(
      List<SpecificRecord> events, SplittableRandom random, long run, int ordinal) {
    Phase phase = ordinal < 0 ? Phase.WARM_UP : Phase.MEASURE;
    long due = START + Math.max(0, ordinal) * 130 * MS + random.nextLong(50 * MS);
    long sent = due + random.nextLong(5 * MS);
    long first = sent + 20 * MS + random.nextLong(200 * MS);
    int chunks = random.nextInt(1, 40);
    Outcome outcome = random.nextInt(10) == 0 ? Outcome.CLOSED_EARLY : Outcome.OK;
    events.add(
        RequestSent.newBuilder()
            .setRun(run)
            .setOrdinal(ordinal)
            .setAt(sent)
            .setDueAt(due)
            .setPhase(phase)
            .build());
    long at = first;
    int tokens = 0;
    for (int index = 0; index < chunks; index++) {
      long gap = random.nextInt(50) == 0 ? 700 * MS : 5 * MS + random.nextLong(50 * MS);
      at = index == 0 ? first : at + gap;
      int inChunk = random.nextInt(1, 3);
      tokens += inChunk;
      events.add(
          new TokenReceived(
              run,
              ordinal,
              index,
              at,
              inChunk,
              index == 0 ? null : gap,
              index == 0 ? first - due : null,
              index == 0 ? first - sent : null,
              index + 1,
              TokenMetrics.flags(phase, false)));
    }
    events.add(
        RequestFinished.newBuilder()
            .setRun(run)
            .setOrdinal(ordinal)
            .setAt(at + random.nextLong(2 * MS))
            .setOutcome(outcome)
            .setDueAt(due)
            .setSentAt(sent)
            .setFirstContentAt(first)
            .setLastContentAt(at)
            .setOutputTokens(tokens)
            .setChunks(chunks)
            .setPhase(phase)
            .setTtftSloNanos(TTFT_LIMIT)
            .setTpotSloNanos(TPOT_LIMIT)
            .setTimeoutNanos(60_000 * MS)
            .build());
  }
}
