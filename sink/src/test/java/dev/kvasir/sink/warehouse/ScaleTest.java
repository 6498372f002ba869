package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The large warehouse of the benchmark, a thousandth of its size. */
class ScaleTest {

  private static final LargeWarehouse.Size SIZE = new LargeWarehouse.Size(10, 1_000, 90, 400, 500);

  private static final LargeWarehouse.Size LONG_RUN =
      new LargeWarehouse.Size(1, 500_000, 2, 500_000, 2);
  private static final long LITTLE_MEMORY = 64 << 20;

  @TempDir Path folder;

  @Test
  void aTokenTakesSevenBytesAndQueriesAnswerOverAllOfThem() throws Exception {
    try (WarehouseFile file = LargeWarehouse.make(folder, SIZE, 512 << 20);
        WarehouseReader reader = WarehouseReader.of(file, QueryLimits.USUAL)) {
      QueryResult counts =
          reader.query(
              "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM finished_requests), (SELECT count(*) FROM tokens), (SELECT count(*) FROM token)");

      assertThat(counts.rows().getFirst())
          .containsExactly(10L, SIZE.allRequests(), SIZE.allTokens(), SIZE.allTokens());
      assertThat((double) tokenBytes(reader) / SIZE.allTokens()).isLessThan(7);

      LargeWarehouse.queries()
          .forEach((name, sql) -> assertThat(reader.query(sql).rows()).as(name).isNotEmpty());
      QueryResult ttft = reader.query(LargeWarehouse.queries().values().iterator().next());
      assertThat(ttft.column("p99_ttft_ms"))
          .hasSize(5)
          .allSatisfy(value -> assertThat((Double) value).isBetween(480.0, 500.0));
      QueryResult itl = reader.query("SELECT p99_itl_ms FROM results WHERE id = 'run-0'");
      assertThat((Double) itl.column("p99_itl_ms").getFirst()).isBetween(24.0, 26.0);
    }
  }

  @Test
  void theNumbersOfALongRunAreMadeInLessMemoryThanItsRequestsTake() throws Exception {
    LargeWarehouse.make(folder, LONG_RUN, 512 << 20).close();
    try (WarehouseFile file =
            WarehouseFile.open(
                folder.resolve("warehouse.duckdb"), folder.resolve("out"), LITTLE_MEMORY);
        Connection connection = file.connect()) {
      RunSummaries summaries = RunSummaries.load(connection);
      while (summaries.areDue()) {
        summaries.fill(connection);
      }

      try (WarehouseReader reader = WarehouseReader.of(file, QueryLimits.USUAL)) {
        assertThat(reader.query("SELECT n, completed FROM run_summary WHERE n IS NOT NULL").rows())
            .containsExactly(List.of(LONG_RUN.allRequests(), LONG_RUN.allRequests()));
      }
    }
  }

  /** What the tokens' columns take, in whole blocks of the file. */
  private static long tokenBytes(WarehouseReader reader) {
    QueryResult blocks =
        reader.query(
            """
            SELECT count(DISTINCT block_id) * 262144 AS bytes FROM pragma_storage_info('token')
            WHERE persistent AND block_id >= 0\
            """);
    return ((Number) blocks.column("bytes").getFirst()).longValue();
  }
}
