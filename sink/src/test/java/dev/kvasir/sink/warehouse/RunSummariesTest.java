package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.Verdict;
import dev.kvasir.time.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kept numbers of runs never disagree with the events. */
class RunSummariesTest {

  private static final String KEPT = "SELECT run FROM run_summary ORDER BY run";
  private static final String ROUNDED =
      """
      SELECT name || '=' || round(value, 9) AS number FROM (
        UNPIVOT (SELECT COLUMNS(* EXCLUDE (scope, as_reported))::DOUBLE FROM %s) ON COLUMNS(*)
        INTO NAME name VALUE value)
      ORDER BY name
      """;

  @TempDir Path folder;

  @Test
  void runsThatEndedAreKeptAndALateRowIsCounted() throws Exception {
    try (WarehouseFile file =
            WarehouseFile.open(folder.resolve("w.duckdb"), folder.resolve("out"), 256 << 20);
        WarehouseReader reader = WarehouseReader.of(file, QueryLimits.USUAL)) {
      BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(4);
      Loader loader = new Loader(file.connect(), batches, Ticker.system());
      loader.start();

      batches.put(batch(runs()));
      awaitRows(reader, KEPT, 1);
      assertThat(reader.query(KEPT).column("run")).containsExactly(5L);
      assertThat(reader.query("SELECT n FROM results ORDER BY run").column("n"))
          .containsExactly(40L, 20L);

      batches.put(batch(List.of(late().build())));
      awaitRows(reader, "SELECT 1 FROM request_finished WHERE ordinal = 999", 1);
      assertThat(reader.query("SELECT n FROM results WHERE run = 5").column("n"))
          .containsExactly(41L);
      awaitRows(reader, "SELECT 1 FROM run_summary WHERE n = 41", 1);

      assertThat(summaries(reader)).isEqualTo(computed(file)).hasSizeGreaterThan(60);
      loader.close();
    }
  }

  @Test
  void passesAreSummarisedColdAndWarm() throws Exception {
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      List<SpecificRecord> events = new ArrayList<>();
      events.add(SampleRuns.started(5, "cpu", "rate=2.5", 1));
      for (int ordinal = 0; ordinal < 6; ordinal++) {
        RequestFinished.Builder request = late();
        request.setOrdinal(ordinal);
        request.setPass(1 + ordinal / 2);
        events.add(request.build());
      }
      warehouse.load(events);

      QueryResult scopes =
          warehouse.query("SELECT scope, n FROM summaries WHERE run = 5 ORDER BY scope");

      assertThat(scopes.rows())
          .containsExactly(List.of("all", 6L), List.of("cold", 2L), List.of("warm", 4L));
    }
  }

  @Test
  void droppedRequestsNeverMakeARunLookFaster() throws Exception {
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      List<SpecificRecord> events = new ArrayList<>();
      for (long run : new long[] {5, 6}) {
        events.add(SampleRuns.started(run, "s" + run, "rate=2.5", 1));
        for (int ordinal = 0; ordinal < 100; ordinal++) {
          boolean dropped = run == 6 && ordinal >= 70;
          RequestFinished.Builder request = late();
          request.setRun(run);
          request.setOrdinal(ordinal);
          if (dropped) {
            request.setOutcome(Outcome.HTTP_ERROR);
            request.setFirstContentAt(null);
            request.setLastContentAt(null);
          } else {
            request.setFirstContentAt(request.getDueAt() + (1 + ordinal) * 1_000_000L);
            request.setLastContentAt(request.getDueAt() + (2 + ordinal) * 5_000_000L);
          }
          events.add(request.build());
        }
      }
      warehouse.load(events);

      QueryResult worse =
          warehouse.query(
              """
              SELECT m.metric FROM metric_values m
              JOIN metric_values o ON o.metric = m.metric AND m.run = 6 AND o.run = 5
              WHERE CASE WHEN m.metric LIKE '%bound_ms' THEN m.value < o.value
                WHEN m.metric LIKE '%throughput' OR m.metric LIKE '%attainment%'
                  OR m.metric = 'request_goodput' THEN m.value > o.value END
              """);

      assertThat(worse.column("metric")).isEmpty();
      assertThat(
              warehouse
                  .query("SELECT p99_ttft_censored FROM results ORDER BY run")
                  .column("p99_ttft_censored"))
          .containsExactly(false, true);
    }
  }

  private static List<SpecificRecord> runs() {
    Random random = new Random(3);
    List<SpecificRecord> events = new ArrayList<>();
    events.add(SampleRuns.started(5, "cpu", "rate=2.5", 1));
    events.addAll(SampleRuns.requests(5, 40, random));
    events.add(SampleRuns.finished(5, Verdict.VALID));
    events.add(SampleRuns.started(6, "gds", "rate=2.5", 1));
    events.addAll(SampleRuns.requests(6, 20, random));
    return events;
  }

  private static RequestFinished.Builder late() {
    return RequestFinished.newBuilder()
        .setRun(5)
        .setOrdinal(999)
        .setAt(SampleRuns.START + 900_000_000L)
        .setOutcome(Outcome.OK)
        .setDueAt(SampleRuns.START)
        .setSentAt(SampleRuns.START)
        .setFirstContentAt(SampleRuns.START + 100_000_000L)
        .setLastContentAt(SampleRuns.START + 800_000_000L)
        .setOutputTokens(8)
        .setChunks(8)
        .setPhase(Phase.MEASURE)
        .setTimeoutNanos(5_000_000_000L);
  }

  private static Batch batch(List<? extends SpecificRecord> events) {
    Batch batch = new Batch();
    events.forEach(batch::add);
    return batch;
  }

  private static void awaitRows(WarehouseReader reader, String sql, int rows) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> reader.query(sql).rows().size() == rows);
  }

  private static List<String> summaries(WarehouseReader reader) {
    return reader.query(ROUNDED.formatted("run_summary")).column("number").stream()
        .map(String::valueOf)
        .toList();
  }

  private static List<String> computed(WarehouseFile file) throws Exception {
    List<String> computed = new ArrayList<>();
    try (var connection = file.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(ROUNDED.formatted("summary_of([5])"))) {
      while (rows.next()) {
        computed.add(rows.getString(1));
      }
    }
    return computed;
  }
}
