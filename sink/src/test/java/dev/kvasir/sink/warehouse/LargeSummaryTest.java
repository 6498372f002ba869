package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to a large run's numbers leads to the same numbers. */
class LargeSummaryTest {

  private static final String COMPARED =
      """
      WITH wanted AS (SELECT list(DISTINCT run) AS runs FROM run_started),
      usual AS (
        SELECT run, scope, lossy, metric, value FROM (UNPIVOT (
          SELECT run, scope, completed < n AS lossy, %1$s FROM summary_of((SELECT runs FROM wanted)))
        ON %1$s INTO NAME metric VALUE value)),
      large AS (
        SELECT run, scope, metric, value FROM (UNPIVOT (
          SELECT run, scope, %1$s FROM large_summary_of((SELECT runs FROM wanted)))
        ON %1$s INTO NAME metric VALUE value))
      SELECT count(*) AS compared, count(*) FILTER (WHERE lossy) AS lossy,
        count(*) FILTER (WHERE l.value IS NULL OR abs(u.value - l.value) > 1e-9 * abs(u.value))
          AS different
      FROM usual u LEFT JOIN large l USING (run, scope, metric)
      """
          .formatted(
              "mean_itl_ms, std_itl_ms, median_itl_ms, p90_itl_ms, p95_itl_ms, p99_itl_ms,"
                  + " mean_itl_bound_ms, median_itl_bound_ms, p90_itl_bound_ms, p95_itl_bound_ms,"
                  + " p99_itl_bound_ms");

  private static final long MEMORY = 256 << 20;

  @TempDir private Path folder;

  @Test
  void countingGapsFindsTheSamePercentilesAsSortingThem() throws Exception {
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      warehouse.load(PaperRuns.all());
    }
    try (WarehouseFile file =
            WarehouseFile.open(folder.resolve("warehouse.duckdb"), folder.resolve("out"), MEMORY);
        Connection connection = file.connect();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(COMPARED)) {
      assertThat(found.next()).isTrue();

      assertThat(found.getLong("compared")).isGreaterThan(100);
      assertThat(found.getLong("lossy")).as("of runs with failures").isPositive();
      assertThat(found.getLong("different")).isZero();
    }
  }
}
