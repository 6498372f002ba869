package dev.kvasir.sink.warehouse;

import dev.kvasir.event.Verdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A warehouse of many made-up runs, filled by DuckDB itself and the same at every call: five
 * strategies at ten rates, three repeats of each in every experiment. A token comes 20 ms after the
 * one before, with a uniform jitter of 6 ms, so that times are as hard to compress as measured
 * ones; tokens lie in the order of their times, as the loader leaves them. The first run alone has
 * long answers.
 */
final class LargeWarehouse {

  private static final int RUNS_AT_ONCE = 100;
  private static final int CELLS = 150;

  /**
   * How large it is.
   *
   * @param runs runs
   * @param requests requests of each run
   * @param tokens tokens of each request
   * @param longRequests requests of the first run
   * @param longTokens tokens of each of these
   */
  record Size(int runs, int requests, int tokens, int longRequests, int longTokens) {

    /** Ten thousand runs, ten million requests, a billion tokens. */
    static final Size FULL = new Size(10_000, 1_000, 100, 10_000, 1_000);

    /** The same with fewer runs. */
    Size divided(int by) {
      return new Size(runs / by, requests, tokens, longRequests / by, longTokens);
    }

    long allRequests() {
      return (runs - 1L) * requests + longRequests;
    }

    long allTokens() {
      return (runs - 1L) * requests * tokens + (long) longRequests * longTokens;
    }
  }

  private final Size size;

  private LargeWarehouse(Size size) {
    this.size = size;
  }

  /** What people ask of it, by name. */
  static Map<String, String> queries() {
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put(
        "p99 TTFT by strategy over all requests",
        """
        SELECT r.strategy, quantile_cont(q.ttft_ms, 0.99) AS p99_ttft_ms, count(*) AS requests
        FROM finished_requests q JOIN runs r ON r.run = q.run
        WHERE q.phase = 'MEASURE' GROUP BY ALL ORDER BY ALL\
        """);
    queries.put(
        "p99 ITL of the run with the most tokens, from its tokens",
        "SELECT quantile_cont(itl_ms, 0.99) AS p99_itl_ms, count(*) AS tokens FROM tokens WHERE run = 1");
    queries.put(
        "p99 ITL of the same run, as it is kept",
        "SELECT p99_itl_ms, total_output_tokens FROM results WHERE id = 'run-0'");
    queries.put("every run's results", "SELECT id, n, p99_ttft_ms, p99_itl_ms FROM results");
    return queries;
  }

  /** Makes the file in a folder that has none. */
  static WarehouseFile make(Path folder, Size size, long memoryBytes) throws Exception {
    try (WarehouseFixture fixture = new WarehouseFixture(folder)) {
      fixture.load(
          List.of(
              SampleRuns.started(0, "template", "rate=1", 1),
              SampleRuns.finished(0, Verdict.VALID)));
    }
    WarehouseFile file =
        WarehouseFile.open(folder.resolve("warehouse.duckdb"), folder.resolve("out"), memoryBytes);
    try (Connection connection = file.connect()) {
      LargeWarehouse large = new LargeWarehouse(size);
      large.runs(connection);
      for (int from = 0; from < size.runs(); from += RUNS_AT_ONCE) {
        large.requests(connection, from, Math.min(size.runs(), from + RUNS_AT_ONCE));
      }
      Sql.execute(connection, "CHECKPOINT");
    }
    return file;
  }

  private void runs(Connection connection) throws SQLException {
    Sql.execute(
        connection,
        """
        INSERT INTO run_started
        SELECT t.* REPLACE (i + 1 AS run, at_ns + i * 600000000000 AS at_ns,
          at_ns + i * 600000000000 AS start_at_ns, 'run-' || i AS id,
          'experiment-' || (i // %1$d) AS experiment,
          ['recompute', 'hbm', 'cpu', 'disk', 'gds'][1 + i %% 5] AS strategy,
          format('{} rate={}', ['recompute', 'hbm', 'cpu', 'disk', 'gds'][1 + i %% 5],
            1 + i // 5 %% 10) AS cell,
          'rate=' || (1 + i // 5 %% 10) AS load_point, (1 + i // 5 %% 10)::DOUBLE AS load_rate,
          (1 + i // 50 %% 3)::INTEGER AS repeat, i // %1$d * 3 + i // 50 %% 3 AS seed)
        FROM (SELECT * FROM run_started WHERE run = 0) t, range(%2$d) r(i)\
        """
            .formatted(CELLS, size.runs()));
    Sql.execute(
        connection,
        """
        INSERT INTO run_finished
        SELECT t.* REPLACE (i + 1 AS run, at_ns + i * 600000000000 AS at_ns)
        FROM (SELECT * FROM run_finished WHERE run = 0) t, range(%d) r(i)\
        """
            .formatted(size.runs()));
    Sql.execute(
        connection,
        "INSERT INTO run_code SELECT i, i + 1 FROM range(%d) r(i)".formatted(size.runs()));
    for (String table : new String[] {"run_started", "run_finished"}) {
      Sql.execute(connection, "DELETE FROM %s WHERE run = 0".formatted(table));
    }
  }

  /** Requests leave 10 ms apart; their first token comes after 50 to 500 ms. */
  private void requests(Connection connection, int from, int to) throws SQLException {
    String request =
        """
        SELECT run, ordinal, due + hash(run, ordinal, 'sent') %% 300000 AS sent, due, tokens,
          due + 50000000 + (hash(run, ordinal, 'first') %% 450000000)::BIGINT AS first
        FROM (
          SELECT r.run, o.ordinal::INTEGER AS ordinal,
            r.start_at_ns + o.ordinal * 10000000::BIGINT AS due,
            CASE r.run WHEN 1 THEN %d ELSE %d END AS tokens
          FROM run_started r, range(%d) o(ordinal)
          WHERE r.run > %d AND r.run <= %d
            AND o.ordinal < CASE r.run WHEN 1 THEN %d ELSE %d END)\
        """
            .formatted(
                size.longTokens(),
                size.tokens(),
                Math.max(size.requests(), size.longRequests()),
                from,
                to,
                size.longRequests(),
                size.requests());
    String last =
        "first + (tokens - 1) * 20000000::BIGINT + (hash(run, ordinal, tokens - 1) % 6000000)";
    Sql.execute(
        connection,
        """
        INSERT INTO request_finished BY NAME
        SELECT run, ordinal, last AS at_ns, 'OK' AS outcome, 200 AS status, due AS due_at_ns,
          sent AS sent_at_ns, sent + 100000 AS headers_at_ns, first AS first_chunk_at_ns,
          first AS first_content_at_ns, last AS last_content_at_ns, last AS done_at_ns,
          512 AS input_tokens, tokens AS output_tokens, 256 AS cached_tokens,
          MAP {} AS cached_by_tier, tokens AS chunks, 'length' AS finish_reason,
          'MEASURE' AS phase, 1 AS pass, 125000000 AS ttft_slo_ns, 40000000 AS tpot_slo_ns,
          60000000000 AS timeout_ns, 1 AS epoch
        FROM (SELECT *, (%s)::BIGINT AS last FROM (%s)) ORDER BY run, ordinal\
        """
            .formatted(last, request));
    Sql.execute(
        connection,
        String.format(
            Locale.ROOT,
            """
            INSERT INTO token
            SELECT run - 1, ordinal, i::INTEGER, gap,
              CASE WHEN gap IS NULL THEN first END AS at_ns, NULL, NULL, NULL
            FROM (
              SELECT *, CASE WHEN i > 0 THEN 20000000 + (hash(run, ordinal, i) %% 6000000)::BIGINT
                - CASE i WHEN 1 THEN 0 ELSE hash(run, ordinal, i - 1) %% 6000000 END::BIGINT END AS gap
              FROM (%s), range(%d) t(i) WHERE i < tokens)
            ORDER BY run, (first + i * 20000000::BIGINT) // 200000000, ordinal, i\
            """,
            request,
            Math.max(size.tokens(), from == 0 ? size.longTokens() : 0)));
  }
}
