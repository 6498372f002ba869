package dev.kvasir.sink.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.sink.exports.ExportedRuns;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.sink.warehouse.WarehouseFixture;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every format, on small files whose numbers are computed by hand. */
class FormatsTest {

  @TempDir static Path folder;
  private static WarehouseFixture warehouse;
  private static ImportedFiles files;

  @BeforeAll
  static void load() throws Exception {
    warehouse = new WarehouseFixture(folder);
    files = ImportedFiles.of(fixtures());
    warehouse.load(files.events());
  }

  private static Path fixtures() throws URISyntaxException {
    return Path.of(FormatsTest.class.getResource("files/tools/newest.json").toURI())
        .getParent()
        .getParent();
  }

  @AfterAll
  static void close() {
    warehouse.close();
  }

  @Test
  void badFilesAndLinesAreToldWithTheirPlaceAndTheRestIsRead() {
    assertThat(files.problems)
        .extracting(Problem::text)
        .satisfiesExactlyInAnyOrder(
            text -> assertThat(text).startsWith("ds-0101-gds-800g.json:4: is no JSON"),
            text -> assertThat(text).startsWith("half.json:").contains("is no JSON"),
            text -> assertThat(text).startsWith("notes.json:1: is no result").contains("hello"),
            text -> assertThat(text).startsWith("sglang.jsonl:2: is no JSON"));
    assertThat(files.runs).hasSize(16);
  }

  @Test
  void theSameRecordAlwaysHasTheSameNumberAndHash() throws Exception {
    ImportedFiles again = ImportedFiles.of(fixtures());
    assertThat(again.runs.stream().map(ImportedRun::number).toList())
        .isEqualTo(files.runs.stream().map(ImportedRun::number).toList());
    assertThat(again.runs.stream().map(ImportedRun::hash).distinct()).hasSize(16);
  }

  @Test
  void aCampaignsLinesAreRunsAndItsWarmUpBelongsToTheFirst() {
    QueryResult runs =
        warehouse.query(
            """
            SELECT strategy, repeat, n, completed, failed, cache_state, arcc, medium, bandwidth_gbps,
              phase_measured, load_point, as_reported,
              (SELECT count(*) FROM request_finished f WHERE f.run = r.run AND phase = 'WARM_UP')
                AS warm_ups
            FROM results r WHERE experiment = 'campaign_0101' ORDER BY repeat
            """);
    assertThat(row(runs, 0))
        .containsEntry("strategy", "gds-800g+arcc")
        .containsEntry("cache_state", "cold")
        .containsEntry("arcc", "on")
        .containsEntry("medium", "gds")
        .containsEntry("bandwidth_gbps", 800.0)
        .containsEntry("phase_measured", "prefill+decode")
        .containsEntry("load_point", "concurrency=2")
        .containsEntry("as_reported", List.of("duration"))
        .containsEntry("warm_ups", 2L);
    assertThat(row(runs, 1)).containsEntry("cache_state", "warm").containsEntry("warm_ups", 0L);
    assertThat(row(runs, 2))
        .containsEntry("strategy", "gds-800g")
        .containsEntry("n", 3L)
        .containsEntry("failed", 1L)
        .containsEntry("arcc", null)
        .containsEntry("phase_measured", "prefill_only");
  }

  @Test
  void aFailureAtZeroIsNoFastFirstToken() {
    QueryResult failed =
        warehouse.query(
            """
            SELECT q.outcome, q.ttft_ms, q.attained, r.median_ttft_ms, r.p99_ttft_censored
            FROM requests q JOIN results r ON r.run = q.run
            WHERE r.experiment = 'campaign_0101' AND q.outcome <> 'OK'
            """);
    assertThat(row(failed, 0))
        .containsEntry("outcome", "CONNECTION_FAILED")
        .containsEntry("ttft_ms", null)
        .containsEntry("attained", false)
        .containsEntry("median_ttft_ms", 500.0)
        .containsEntry("p99_ttft_censored", true);
  }

  @Test
  void arraysRecomputeWhatTheFileReports() {
    QueryResult worst =
        warehouse.query(
            """
            SELECT max(abs(r.mean_ttft_sent_ms - p.value) / p.value) AS worst, count(*) AS n
            FROM results r JOIN reported p ON p.run = r.run AND p.result = 'mean_ttft_ms'
            WHERE r.format = 'vllm'
            """);
    assertThat((Double) row(worst, 0).get("worst")).isLessThan(1e-12);
    assertThat(row(worst, 0)).containsEntry("n", 8L);
  }

  @Test
  void recordedStartsAndQueuesGiveTimesSinceDue() {
    QueryResult run =
        warehouse.query(
            """
            SELECT strategy, mean_ttft_ms, mean_ttft_sent_ms, duration, steady_duration,
              max_concurrent_requests, load_point, as_reported
            FROM results WHERE origin_file = 'newest.json'
            """);
    assertThat(row(run, 0))
        .containsEntry("strategy", "offload")
        .containsEntry("load_point", "rate=2")
        .containsEntry("as_reported", List.of());
    assertThat((Double) row(run, 0).get("mean_ttft_sent_ms")).isCloseTo(150, within(1e-9));
    assertThat((Double) row(run, 0).get("mean_ttft_ms")).isCloseTo(170, within(1e-6));
    assertThat((Double) row(run, 0).get("duration")).isCloseTo(1.19, within(1e-9));
  }

  @Test
  void scriptFoldersAreStrategiesAndTheirFileNamesRates() {
    QueryResult attained =
        warehouse.query(
            """
            SELECT r.strategy, r.rate, avg((q.ttft_ms <= 125 AND q.tpot_ms <= 200)::INT) AS met,
              any_value(r.labels['topology']) AS topology
            FROM runs r JOIN requests q ON q.run = r.run
            WHERE r.experiment = 'pd' GROUP BY 1, 2 ORDER BY 1, 2
            """);
    assertThat(attained.rows())
        .containsExactly(
            List.of("nixl", 0.5, 1.0, "pd_disagg(1P1D)"),
            List.of("nixl", 1.5, 0.75, "pd_disagg(1P1D)"),
            List.of("simple", 0.5, 1.0, "pd_disagg(1P1D)"),
            List.of("simple", 1.5, 0.5, "pd_disagg(1P1D)"));
  }

  @Test
  void figuresWithoutRequestsStayTheToolsOwn() {
    QueryResult runs =
        warehouse.query(
            """
            SELECT format, strategy, n, completed, mean_ttft_ms, p99_ttft_ms, mean_e2el_ms,
              total_token_throughput, rate, attainment, list_contains(as_reported, 'p99_ttft_ms')
                AS told
            FROM results WHERE origin_file IN ('sglang.jsonl', 'benchmark-tiny-lmcache.json')
            ORDER BY format
            """);
    assertThat(row(runs, 0))
        .containsEntry("format", "guidellm-v1")
        .containsEntry("strategy", "lmcache")
        .containsEntry("n", 10L)
        .containsEntry("completed", 8L)
        .containsEntry("p99_ttft_ms", 30.0)
        .containsEntry("mean_e2el_ms", 500.0)
        .containsEntry("rate", 4.0)
        .containsEntry("attainment", null)
        .containsEntry("told", true);
    assertThat(row(runs, 1))
        .containsEntry("format", "sglang")
        .containsEntry("mean_ttft_ms", 30.0)
        .containsEntry("mean_e2el_ms", 120.5)
        .containsEntry("total_token_throughput", 220.0)
        .containsEntry("rate", Double.POSITIVE_INFINITY);
  }

  @Test
  void requestsOfOtherToolsBecomeEvents() {
    QueryResult requests =
        warehouse.query(
            """
            SELECT r.format, q.phase, q.outcome, round(q.ttft_ms, 3) AS ttft_ms,
              round(q.tpot_ms, 3) AS tpot_ms, q.session, q.turn
            FROM runs r JOIN requests q ON q.run = r.run
            WHERE r.format IN ('aiperf-records', 'guidellm-v2') ORDER BY r.format, q.ordinal
            """);
    assertThat(requests.rows())
        .containsExactly(
            java.util.Arrays.asList("aiperf-records", "WARM_UP", "OK", 100.0, null, 0, 0),
            java.util.Arrays.asList("aiperf-records", "MEASURE", "OK", 200.0, 15.0, 0, 1),
            java.util.Arrays.asList("aiperf-records", "MEASURE", "HTTP_ERROR", null, null, 1, 0),
            java.util.Arrays.asList("guidellm-v2", "MEASURE", "OK", 500.0, 100.0, null, null),
            java.util.Arrays.asList(
                "guidellm-v2", "MEASURE", "SERVER_ERROR", null, null, null, null));
    assertThat(
            warehouse
                .query(
                    "SELECT list(itl_ms ORDER BY index) AS gaps FROM tokens t JOIN runs r ON r.run = t.run WHERE r.format = 'aiperf-records' AND itl_ms IS NOT NULL")
                .column("gaps"))
        .containsExactly(List.of(10.0, 20.0));
  }

  @Test
  void aReportWhoseFirstTokenDoesNotKnowItsPromptIsImplausible() {
    QueryResult runs =
        warehouse.query("SELECT verdict FROM runs WHERE format = 'quantisation-report'");
    assertThat(runs.column("verdict")).containsExactly("implausible", "implausible", "implausible");
  }

  @Test
  void labelsShowWhereTheyDisagree() throws Exception {
    QueryResult before = warehouse.query("SELECT count(*) AS n FROM labels WHERE disagrees");
    assertThat(before.column("n")).containsExactly(0L);
    long run =
        (Long)
            warehouse
                .query(
                    "SELECT run FROM runs WHERE experiment = 'pd' AND strategy = 'nixl' AND rate = 0.5")
                .column("run")
                .getFirst();
    warehouse.load(
        List.of(
            dev.kvasir.event.RunLabelled.newBuilder()
                .setRun(run)
                .setAt(1_800_000_000_000_000_000L)
                .setLabels(Map.of("phase_measured", "prefill_only"))
                .setBy("somebody")
                .build()));
    QueryResult after =
        warehouse.query("SELECT label, declared, derived, observed FROM labels WHERE disagrees");
    assertThat(after.rows())
        .containsExactly(
            List.of("phase_measured", "prefill_only", "prefill+decode", "prefill+decode"));
    assertThat(
            warehouse
                .query("SELECT \"by\" FROM label_history WHERE label = 'phase_measured'")
                .column("by"))
        .containsExactly("somebody");
  }

  @Test
  void anExportedRunIsImportedWithTheSameNumbers() throws Exception {
    ExportedRuns exported = ExportedRuns.write(warehouse.reader(), "campaign_0101", folder);
    ImportedFiles back = ImportedFiles.of(exported.folder());
    assertThat(back.problems).isEmpty();
    try (WarehouseFixture second = new WarehouseFixture(folder.resolve("second"))) {
      second.load(back.events());
      String numbers =
          """
          SELECT n, completed, mean_ttft_sent_ms, p99_ttft_sent_ms, mean_itl_ms, p99_itl_ms,
            round(mean_tpot_ms, 6) AS tpot, round(duration, 6) AS duration
          FROM results WHERE experiment = '%s' ORDER BY mean_ttft_sent_ms
          """;
      assertThat(second.query(numbers.formatted("exported")).rows())
          .hasSize(3)
          .extracting(row -> row.subList(0, 6))
          .isEqualTo(
              warehouse.query(numbers.formatted("campaign_0101")).rows().stream()
                  .map(row -> row.subList(0, 6))
                  .toList());
    }
  }

  private static Map<String, Object> row(QueryResult result, int place) {
    Map<String, Object> row = new HashMap<>();
    for (int i = 0; i < result.columns().size(); i++) {
      row.put(result.columns().get(i).name(), result.rows().get(place).get(i));
    }
    return row;
  }
}
