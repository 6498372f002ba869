package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileSqlTest {

  private static final String EVERYTHING =
      "SELECT (SELECT count(*) FROM run_started), (SELECT count(*) FROM token),"
          + " (SELECT count(*) FROM duckdb_tables()), (SELECT count(*) FROM duckdb_views()),"
          + " current_setting('memory_limit'), current_setting('enable_external_access')";

  @TempDir static Path folder;
  private WarehouseFixture warehouse;

  @BeforeAll
  void fill() throws Exception {
    warehouse = new WarehouseFixture(folder);
    List<SpecificRecord> events = new ArrayList<>();
    events.add(SampleRuns.started(1, "cpu", "rate=1", 1));
    events.addAll(SampleRuns.requests(1, 10, new Random(1)));
    events.add(SampleRuns.finished(1, Verdict.VALID));
    warehouse.load(events);
    Files.writeString(folder.resolve("out/secret.csv"), "secret\n1\n");
  }

  @AfterAll
  void close() {
    warehouse.close();
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("hostile")
  void isRefusedWithAReasonAndChangesNothing(String reason, String sql) {
    var before = warehouse.query(EVERYTHING).rows();

    assertThatThrownBy(() -> warehouse.query(sql))
        .isInstanceOf(QueryRefusedException.class)
        .message()
        .containsIgnoringCase(reason);

    assertThat(warehouse.query(EVERYTHING).rows()).isEqualTo(before);
  }

  /**
   * Lines of {@code words of the reason | statement}; a line break in a statement is {@code \n}.
   */
  static List<Arguments> hostile() throws IOException {
    try (InputStream in = HostileSqlTest.class.getResourceAsStream("hostile.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" \\| ", 2))
          .map(parts -> Arguments.of(parts[0].strip(), parts[1].replace("\\n", "\n")))
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1;",
        " SELECT 1 ; ; ",
        "SELECT 1 AS a, 2 AS a",
        "SELECT ';' AS a -- ; DROP TABLE token",
        "FROM runs",
        "VALUES (1), (2)",
        "WITH a AS (SELECT 1 AS x) SELECT x FROM a",
        "DESCRIBE results",
        "SUMMARIZE requests",
        "SHOW TABLES",
        "SELECT * FROM range(3)",
        "SELECT unnest([1, 2])",
        "SELECT strategy, quantile_cont(p99_ttft_ms, 0.5) FROM results GROUP BY ALL",
        "SELECT list_transform([1], lambda x: x + 1)"
      })
  void isAnswered(String sql) {
    assertThat(warehouse.query(sql).columns()).isNotEmpty();
  }

  @Test
  void theListIsLongAndEveryLineOfItNamesAReason() throws IOException {
    assertThat(hostile())
        .hasSizeGreaterThan(60)
        .allSatisfy(each -> assertThat((String) each.get()[0]).isNotBlank());
  }

  @Test
  void evenTheExportFolderIsNotReadThroughTheDoor() {
    Path exported = folder.resolve("out/secret.csv").toAbsolutePath();

    assertThatThrownBy(() -> warehouse.query("FROM '" + exported + "'"))
        .isInstanceOf(QueryRefusedException.class)
        .hasMessageContaining("reads like a file");
  }

  @Test
  void evenAStatementThatPassesTheGateCannotWriteInItsTransaction() throws Exception {
    try (var connection =
        WarehouseFile.open(folder.resolve("gate.duckdb"), folder.resolve("out"), 128 << 20)) {
      var own = connection.connect();
      Sql.execute(own, "BEGIN TRANSACTION READ ONLY");

      assertThatThrownBy(() ->
              Sql.execute(
                  own,
                  "WITH w AS (INSERT INTO run_code VALUES (1, 2) RETURNING run)"
                      + " SELECT * FROM w"))
          .hasMessageContaining("read-only");
      own.close();
    }
  }

  @Test
  void aQueryThatTakesTooLongIsCancelled() {
    QueryLimits brief = new QueryLimits(Duration.ofSeconds(2), 10);
    try (WarehouseFile file =
            WarehouseFile.open(folder.resolve("slow.duckdb"), folder.resolve("out"), 128 << 20);
        WarehouseReader hasty = WarehouseReader.of(file, brief);
        WarehouseReader usual = WarehouseReader.of(file, QueryLimits.USUAL)) {
      assertThatThrownBy(() ->
              hasty.query(
                  "SELECT sum(a.range * b.range % 7) FROM range(10000000) a, range(10000000) b"))
          .isInstanceOf(QueryRefusedException.class)
          .hasMessageContaining("limit of 2 s");
      assertThat(usual.query("SELECT 1").rows()).isEqualTo(List.of(List.of(1)));
    }
  }

  @Test
  void moreRowsThanTheLimitAreCutAndSaidSo() {
    QueryLimits few = new QueryLimits(Duration.ofSeconds(10), 10);
    try (WarehouseFile file =
            WarehouseFile.open(folder.resolve("many.duckdb"), folder.resolve("out"), 128 << 20);
        WarehouseReader reader = WarehouseReader.of(file, few)) {
      QueryResult cut = reader.query("SELECT * FROM range(1000000000)");
      QueryResult whole = reader.query("SELECT * FROM range(10)");

      assertThat(cut.rows()).hasSize(10);
      assertThat(cut.truncated()).isTrue();
      assertThat(whole.rows()).hasSize(10);
      assertThat(whole.truncated()).isFalse();
    }
  }

  @Test
  void theOrderAskedForIsKept() {
    QueryLimits many = new QueryLimits(Duration.ofSeconds(20), 200_000);
    try (WarehouseFile file =
            WarehouseFile.open(folder.resolve("order.duckdb"), folder.resolve("out"), 256 << 20);
        WarehouseReader reader = WarehouseReader.of(file, many)) {
      QueryResult sorted =
          reader.query("SELECT hash(range) AS h FROM range(200000) ORDER BY h DESC -- down");

      assertThat(sorted.column("h"))
          .hasSize(200_000)
          .isSortedAccordingTo(
              (a, b) -> ((java.math.BigInteger) b).compareTo((java.math.BigInteger) a));
    }
  }

  @Test
  void aFileThatANewerVersionWroteIsRefused() throws Exception {
    Path file = folder.resolve("newer.duckdb");
    WarehouseFile.open(file, folder.resolve("out"), 128 << 20).close();
    try (var raw = java.sql.DriverManager.getConnection("jdbc:duckdb:" + file);
        var statement = raw.createStatement()) {
      statement.execute("INSERT INTO migration VALUES (999, 'future')");
    }

    assertThatThrownBy(() -> WarehouseFile.open(file, folder.resolve("out"), 128 << 20))
        .isInstanceOf(WarehouseException.class)
        .hasMessageContaining("schema 999");
    assertThatThrownBy(
            () -> WarehouseReader.open(file, folder.resolve("out"), QueryLimits.USUAL, 128 << 20))
        .isInstanceOf(WarehouseException.class)
        .hasMessageContaining("schema 999");
  }

  @Test
  void theFileIsOneThatDuckDb14Opens() {
    assertThat(
            warehouse
                .query(
                    "SELECT tags['storage_version'] FROM duckdb_databases()"
                        + " WHERE database_name = current_database()")
                .rows())
        .isEqualTo(List.of(List.of("v1.4.0+")));
  }
}
