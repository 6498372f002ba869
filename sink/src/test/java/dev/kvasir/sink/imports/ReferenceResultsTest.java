package dev.kvasir.sink.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kvasir.event.RunLabelled;
import dev.kvasir.sink.exports.CampaignExport;
import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Questions;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.sink.warehouse.WarehouseFixture;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that others published, where a checkout has them beside it. */
class ReferenceResultsTest {

  private static final Path RESULTS = reference();

  @TempDir static Path folder;
  private static WarehouseFixture warehouse;
  private static ImportedFiles files;

  private static Path reference() {
    String given = System.getProperty("shared.data");
    if (given != null) {
      return Path.of(given).resolve("results");
    }
    Path up = Path.of("").toAbsolutePath();
    while (up != null && !Files.isDirectory(up.resolve("shared/data/results"))) {
      up = up.getParent();
    }
    return up == null ? Path.of("shared/data/results") : up.resolve("shared/data/results");
  }

  @BeforeAll
  static void load() throws Exception {
    assumeTrue(Files.isDirectory(RESULTS), "skipped: there are no results at " + RESULTS);
    warehouse = new WarehouseFixture(folder);
    files =
        ImportedFiles.of(
            RESULTS.resolve("vllm-gds"),
            RESULTS.resolve("guidellm-sweep"),
            RESULTS.resolve("guidellm-v2"),
            RESULTS.resolve("sglang"),
            RESULTS.resolve("kvtuner"));
    warehouse.load(files.events());
  }

  @AfterAll
  static void close() {
    if (warehouse != null) {
      warehouse.close();
    }
  }

  @Test
  void everythingIsImportedAndOnlyTheTableIsLeftOut() {
    assertThat(files.problems)
        .extracting(Problem::file)
        .containsExactly("golden_media_compare.csv");
    QueryResult runs =
        warehouse.query("SELECT format, count(*) AS n FROM runs GROUP BY 1 ORDER BY 1");
    assertThat(runs.rows())
        .containsExactly(
            List.of("guidellm-v1", 30L),
            List.of("guidellm-v2", 2L),
            List.of("quantisation-report", 9L),
            List.of("sglang", 1L),
            List.of("vllm", 310L));
  }

  @Test
  void theFiguresOfTheFilesAreRecomputedFromTheirRequests() {
    for (String column :
        List.of(
            "mean_ttft_ms",
            "median_ttft_ms",
            "std_ttft_ms",
            "p99_ttft_ms",
            "mean_itl_ms",
            "p99_itl_ms")) {
      assertRecomputed(column, 1e-12);
    }
    for (String column : List.of("mean_tpot_ms", "median_tpot_ms", "p99_tpot_ms")) {
      assertRecomputed(column, 1e-5);
    }
    assertRecomputed("total_token_throughput", 1e-12);
  }

  private static void assertRecomputed(String column, double relative) {
    QueryResult differences =
        warehouse.query(
            """
            SELECT count(*) AS n, count(*) FILTER (WHERE r.%1$s IS NULL) AS missing,
              max(abs(r.%1$s - p.value) / p.value) AS worst
            FROM results r JOIN reported p ON p.run = r.run AND p.result = '%1$s'
            WHERE r.format = 'vllm' AND p.value IS NOT NULL
            """
                .formatted(column));
    assertThat((Long) differences.column("n").getFirst()).as(column).isGreaterThanOrEqualTo(75);
    assertThat(differences.column("missing").getFirst()).as(column).isEqualTo(0L);
    assertThat((Double) differences.column("worst").getFirst()).as(column).isLessThan(relative);
  }

  @Test
  void attainmentOfTheCampaignIsThatOfTheDistServeRule() {
    QueryResult attained =
        warehouse.query(
            """
            SELECT r.strategy, avg((q.ttft_ms <= 5000)::INT) AS ttft,
              avg((q.tpot_ms <= 200)::INT) AS tpot,
              avg((q.ttft_ms <= 5000 AND q.tpot_ms <= 200)::INT) AS both_met
            FROM runs r JOIN requests q ON q.run = r.run
            WHERE r.experiment = 'benchmark_result_0822' AND r.parameters['input_len'] = '10000'
              AND r.repeat = 3 AND q.phase = 'MEASURE'
            GROUP BY 1 ORDER BY 1
            """);
    for (List<Object> row : attained.rows()) {
      if (row.getFirst().equals("recompute")) {
        assertThat(row).containsExactly("recompute", 0.40, 0.15, 0.15);
      } else {
        assertThat(row.subList(1, 4)).as(row.toString()).containsExactly(1.0, 1.0, 1.0);
      }
    }
    assertThat(attained.rows()).hasSize(5);
  }

  @Test
  void aTokenOnItsOwnMeetsEveryLimitOfTheTimePerToken() {
    BoundQuestion question =
        Questions.named("compare")
            .orElseThrow()
            .bind(
                Map.of(
                    "experiment",
                    "benchmark_result_0910",
                    "ttft_slo",
                    "5000",
                    "tpot_slo",
                    "0.001"));
    QueryResult compared = warehouse.reader().query(question.sql(), question.values());
    QueryResult ttftOnly =
        warehouse.query(
            """
            SELECT load_point, parameters, strategy, avg(attained) AS attained FROM (
              SELECT r.run, r.load_point, r.strategy, r.rate, r.concurrency,
                array_to_string(list_transform(map_entries(r.parameters),
                  lambda e: e.key || '=' || e.value), ' ') AS parameters,
                avg((f.outcome = 'OK' AND f.ttft_ms <= 5000)::INT) AS attained
              FROM runs r JOIN finished_requests f ON f.run = r.run
              WHERE r.experiment = 'benchmark_result_0910' AND f.phase = 'MEASURE'
              GROUP BY ALL)
            GROUP BY ALL
            """);

    assertThat(cells(compared, "attainment")).isEqualTo(cells(ttftOnly, "attained")).isNotEmpty();
    assertThat(compared.column("attainment"))
        .as("some and not all attain")
        .anySatisfy(share -> assertThat((Double) share).isBetween(0.01, 0.99));
  }

  private static Map<Object, Object> cells(QueryResult result, String column) {
    Map<Object, Object> cells = new java.util.HashMap<>();
    for (int i = 0; i < result.rows().size(); i++) {
      cells.put(
          List.of(
              result.column("load_point").get(i),
              result.column("parameters").get(i),
              result.column("strategy").get(i)),
          Math.round(1e9 * (Double) result.column(column).get(i)));
    }
    return cells;
  }

  @Test
  void ratesOfASweepAndTheirTailsGiveTheKnownCrossings() {
    QueryResult crossings =
        warehouse.query(
            """
            WITH point AS (
              SELECT strategy, rate, p99_ttft_ms AS y, lead(rate) OVER w AS next_rate,
                lead(p99_ttft_ms) OVER w AS next_y
              FROM results WHERE experiment = 'guidellm-sweep' AND isfinite(rate)
              WINDOW w AS (PARTITION BY strategy ORDER BY rate)
            )
            SELECT strategy, min(rate + (100 - y) * (next_rate - rate) / (next_y - y)) AS x
            FROM point WHERE (y < 100) <> (next_y < 100) GROUP BY 1
            """);
    Map<Object, Object> found = new java.util.HashMap<>();
    crossings.rows().forEach(row -> found.put(row.get(0), row.get(1)));
    assertThat(found).containsOnlyKeys("default", "lmcache", "offload");
    assertThat((Double) found.get("default")).isCloseTo(13.08, within(0.005));
    assertThat((Double) found.get("lmcache")).isCloseTo(10.84, within(0.005));
    assertThat((Double) found.get("offload")).isCloseTo(15.66, within(0.005));
  }

  @Test
  void theQuantisationReportIsImplausibleAndSaysWhy() {
    QueryResult runs =
        warehouse.query("SELECT verdict, reasons FROM runs WHERE format = 'quantisation-report'");
    assertThat(runs.column("verdict")).containsOnly("implausible");
    assertThat(runs.column("reasons").toString()).contains("prompt of 10 tokens");
    assertThat(warehouse.query("FROM runs WHERE format = 'vllm' AND verdict <> 'valid'").rows())
        .isEmpty();
  }

  @Test
  void theCampaignsTableIsTheKnownOneButForTheRowsThatAreWrongThere() throws Exception {
    List<String> golden = Files.readAllLines(RESULTS.resolve("vllm-gds/golden_media_compare.csv"));
    try (WarehouseFixture labelled = new WarehouseFixture(folder.resolve("labelled"))) {
      List<SpecificRecord> events = new ArrayList<>(files.events());
      files.runs.stream()
          .filter(run -> run.started().getExperiment().matches(".*_(0910|0914)"))
          .map(ReferenceResultsTest::eastWest)
          .forEach(events::add);
      labelled.load(events);
      StringWriter out = new StringWriter();
      assertThat(CampaignExport.write(labelled.reader(), null, out)).isEqualTo(310);

      List<String> rows = out.toString().lines().sorted().toList();
      List<String> expected =
          golden.stream().map(ReferenceResultsTest::corrected).sorted().toList();
      assertThat(rows).isEqualTo(expected);
      assertThat(golden.stream().filter(row -> !row.equals(corrected(row)))).hasSize(95);
    }
  }

  private static RunLabelled eastWest(ImportedRun run) {
    return RunLabelled.newBuilder()
        .setRun(run.number())
        .setAt(ImportedFiles.STAMP.at())
        .setLabels(Map.of("traffic_direction", "east_west"))
        .build();
  }

  /** What the table's own README says is wrong in it. */
  private static String corrected(String row) {
    if (row.startsWith("benchmark_result_0822,")) {
      return row.replace(",prefill,", ",prefill+decode,");
    }
    return row.startsWith("benchmark_result_0914,") ? row.replace(",800g,N,", ",800g,Y,") : row;
  }

  @Test
  void phaseFollowsFromOutputsAndArccFromTheRecord() {
    QueryResult phases =
        warehouse.query(
            """
            SELECT DISTINCT experiment, phase_measured FROM results WHERE format = 'vllm' ORDER BY 1
            """);
    assertThat(phases.rows())
        .containsExactly(
            List.of("benchmark_result_0822", "prefill+decode"),
            List.of("benchmark_result_0904", "prefill_only"),
            List.of("benchmark_result_0910", "prefill_only"),
            List.of("benchmark_result_0914", "prefill_only"));
    assertThat(
            warehouse
                .query("SELECT DISTINCT arcc FROM results WHERE experiment LIKE '%0914'")
                .column("arcc"))
        .containsExactly("on");
    assertThat(
            warehouse
                .query("SELECT DISTINCT strategy FROM results WHERE medium = 'none'")
                .column("strategy"))
        .containsExactly("recompute");
  }
}
