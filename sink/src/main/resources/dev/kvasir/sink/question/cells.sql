-- title: Every cell of an experiment
-- meaning: A row for each cell. Percentiles are taken over all measured requests, or all gaps
-- meaning: between their chunks, of the cell's counted runs together. Requests that failed count: in
-- meaning: the TTFT as at least their time limit, in ITL and TPOT as if the answer had taken it.
-- meaning: Attainment is over every measured request; tokens per second is the mean over the runs. The
-- meaning: counted runs are the valid, overloaded and server-failed ones, or where a cell has none,
-- meaning: all that ended and were not retracted: the verdicts tell. `repeats` is their number and
-- meaning: the unit of any statistics. Times are milliseconds.
-- none: No run has ended.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: cell: cell
-- column: strategy: strategy
-- column: load_point: load point
-- column: repeats: runs counted
-- column: n: measured requests
-- column: failures: of these, failed
-- column: p50_ttft_ms (ms): median of the TTFT
-- column: p90_ttft_ms (ms): 90th percentile of the TTFT
-- column: p99_ttft_ms (ms): 99th percentile of the TTFT
-- column: p50_itl_ms (ms): median of the ITL
-- column: p90_itl_ms (ms): 90th percentile of the ITL
-- column: p99_itl_ms (ms): 99th percentile of the ITL
-- column: p50_tpot_ms (ms): median of the TPOT
-- column: p90_tpot_ms (ms): 90th percentile of the TPOT
-- column: p99_tpot_ms (ms): 99th percentile of the TPOT
-- column: tokens_per_s (tokens/s): output tokens
-- column: attainment (0 to 1): share that attained its limits
-- column: verdicts: runs by verdict
WITH
  candidate AS (
    SELECT run, experiment, cell, strategy, load_point, rate, concurrency, planned_output_tokens,
      verdict, started_at,
      verdict IN ('valid', 'overloaded', 'server-failed') AS usable
    FROM runs
    WHERE verdict IS NOT NULL
      AND ($experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR)
  ),
  counted AS (
    SELECT * FROM candidate
    WHERE verdict <> 'retracted'
    QUALIFY usable OR NOT bool_or(usable) OVER (PARTITION BY experiment, cell)
  ),
  said AS (
    SELECT experiment, cell, string_agg(verdict || '×' || runs, ' ' ORDER BY verdict) AS verdicts
    FROM (SELECT experiment, cell, verdict, count(*) AS runs FROM candidate GROUP BY ALL)
    GROUP BY ALL
  ),
  cell AS (
    SELECT experiment, cell, any_value(strategy) AS strategy, any_value(load_point) AS load_point,
      any_value(rate) AS rate, any_value(concurrency) AS concurrency, min(started_at) AS first_start
    FROM candidate GROUP BY experiment, cell
  ),
  request AS (
    SELECT c.experiment, c.cell, f.run, f.ordinal, f.outcome = 'OK' AS ok,
      coalesce(f.ttft_ms, f.timeout_ms + coalesce(f.queue_ms, 0)) AS ttft_ms,
      f.timeout_ms / greatest(1, c.planned_output_tokens - 1) AS lost_ms,
      CASE WHEN f.outcome = 'OK' THEN f.tpot_ms
        ELSE f.timeout_ms / greatest(1, c.planned_output_tokens - 1) END AS tpot_ms,
      f.attained, f.output_tokens, f.sent_at_ns, f.end_at_ns
    FROM finished_requests f JOIN counted c ON c.run = f.run
    WHERE f.phase = 'MEASURE'
  ),
  pooled AS (
    SELECT experiment, cell, count(*) AS n, count(*) FILTER (WHERE NOT ok) AS failures,
      quantile_cont(ttft_ms, [0.5, 0.9, 0.99]) AS ttft,
      quantile_cont(tpot_ms, [0.5, 0.9, 0.99]) AS tpot,
      max(lost_ms) AS lost_ms, count(*) FILTER (WHERE attained) / count(*) AS attainment
    FROM request GROUP BY ALL
  ),
  gap AS (
    SELECT r.experiment, r.cell, t.itl_ms
    FROM tokens t JOIN request r ON r.run = t.run AND r.ordinal = t.ordinal
    WHERE r.ok AND t.itl_ms IS NOT NULL
  ),
  lost AS (
    SELECT experiment, cell, greatest(worst, lost_ms) AS worst,
      round(gaps * failures / (n - failures))::BIGINT AS gaps
    FROM (SELECT experiment, cell, count(*) AS gaps, max(itl_ms) AS worst FROM gap GROUP BY ALL)
    JOIN pooled USING (experiment, cell) WHERE failures > 0
  ),
  gaps AS (
    SELECT experiment, cell, quantile_cont(itl_ms, [0.5, 0.9, 0.99]) AS itl
    FROM (
      FROM gap UNION ALL
      SELECT experiment, cell, worst FROM (
        SELECT experiment, cell, worst, unnest(range(gaps)) FROM lost))
    GROUP BY ALL
  ),
  speed AS (
    SELECT experiment, cell, avg(output_throughput) AS tokens_per_s
    FROM (
      SELECT experiment, cell, run,
        sum(output_tokens) FILTER (WHERE ok)
          / nullif((max(end_at_ns) FILTER (WHERE sent_at_ns IS NOT NULL) - min(sent_at_ns)) / 1e9, 0)
          AS output_throughput
      FROM request GROUP BY ALL)
    GROUP BY ALL
  ),
  repeats AS (SELECT experiment, cell, count(*) AS repeats FROM counted GROUP BY ALL)
SELECT
  cell.experiment, cell.cell, cell.strategy, cell.load_point, coalesce(repeats.repeats, 0) AS repeats,
  pooled.n, pooled.failures,
  ttft[1] AS p50_ttft_ms, ttft[2] AS p90_ttft_ms, ttft[3] AS p99_ttft_ms,
  itl[1] AS p50_itl_ms, itl[2] AS p90_itl_ms, itl[3] AS p99_itl_ms,
  tpot[1] AS p50_tpot_ms, tpot[2] AS p90_tpot_ms, tpot[3] AS p99_tpot_ms,
  speed.tokens_per_s, pooled.attainment, said.verdicts
FROM cell
LEFT JOIN repeats ON repeats.experiment = cell.experiment AND repeats.cell = cell.cell
LEFT JOIN pooled ON pooled.experiment = cell.experiment AND pooled.cell = cell.cell
LEFT JOIN gaps ON gaps.experiment = cell.experiment AND gaps.cell = cell.cell
LEFT JOIN speed ON speed.experiment = cell.experiment AND speed.cell = cell.cell
LEFT JOIN said ON said.experiment = cell.experiment AND said.cell = cell.cell
ORDER BY cell.experiment, cell.rate NULLS LAST, cell.concurrency NULLS LAST, cell.first_start,
  cell.cell
