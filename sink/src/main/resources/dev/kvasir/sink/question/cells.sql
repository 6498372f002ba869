-- title: Every cell of an experiment
-- meaning: A row for each cell: latencies and tokens per second are means over its counted runs, each
-- meaning: of which is as `results` has it. Requests that failed count: in the TTFT as at least their
-- meaning: time limit, in ITL and TPOT as if the answer had taken it. Attainment is over every measured
-- meaning: request. The counted runs are the valid, overloaded and server-failed ones, or where a cell
-- meaning: has none, the others but for retracted ones, aborted ones only where it has nothing else: the
-- meaning: verdicts tell. `repeats` is their number and the unit of any statistics. Times are milliseconds.
-- none: No run has ended.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: cell: cell
-- column: strategy: strategy
-- column: load_point: load point
-- column: repeats: runs counted
-- column: n: measured requests
-- column: failures: of these, failed
-- column: p50_ttft_ms (ms): mean of the runs' median TTFT
-- column: p90_ttft_ms (ms): mean of the runs' 90th percentile of the TTFT
-- column: p99_ttft_ms (ms): mean of the runs' 99th percentile of the TTFT
-- column: p50_itl_ms (ms): mean of the runs' median ITL
-- column: p90_itl_ms (ms): mean of the runs' 90th percentile of the ITL
-- column: p99_itl_ms (ms): mean of the runs' 99th percentile of the ITL
-- column: p50_tpot_ms (ms): mean of the runs' median TPOT
-- column: p90_tpot_ms (ms): mean of the runs' 90th percentile of the TPOT
-- column: p99_tpot_ms (ms): mean of the runs' 99th percentile of the TPOT
-- column: tokens_per_s (tokens/s): output tokens, mean of the runs
-- column: attainment (0 to 1): share that attained its limits
-- column: verdicts: runs by verdict
WITH
  candidate AS (
    SELECT run, experiment, cell, strategy, load_point, rate, concurrency, verdict, started_at,
      verdict IN ('valid', 'overloaded', 'server-failed') AS usable
    FROM runs
    WHERE verdict IS NOT NULL
      AND ($experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR)
  ),
  counted AS (
    SELECT * FROM candidate
    WHERE verdict <> 'retracted'
    WINDOW of_cell AS (PARTITION BY experiment, cell)
    QUALIFY usable OR (NOT bool_or(usable) OVER of_cell
      AND (verdict = 'aborted') = bool_and(verdict = 'aborted') OVER of_cell)
  ),
  cell AS (
    SELECT experiment, cell, any_value(strategy) AS strategy, any_value(load_point) AS load_point,
      any_value(rate) AS rate, any_value(concurrency) AS concurrency, min(started_at) AS first_start
    FROM candidate GROUP BY experiment, cell
  ),
  said AS (
    SELECT experiment, cell, string_agg(verdict || '×' || runs, ' ' ORDER BY verdict) AS verdicts
    FROM (SELECT experiment, cell, verdict, count(*) AS runs FROM candidate GROUP BY ALL)
    GROUP BY ALL
  ),
  measured AS (
    SELECT c.experiment, c.cell, count(*) AS repeats, sum(r.n)::BIGINT AS n,
      sum(r.failed)::BIGINT AS failures,
      avg(r.median_ttft_bound_ms) AS p50_ttft_ms, avg(r.p90_ttft_bound_ms) AS p90_ttft_ms,
      avg(r.p99_ttft_bound_ms) AS p99_ttft_ms,
      avg(r.median_itl_bound_ms) AS p50_itl_ms, avg(r.p90_itl_bound_ms) AS p90_itl_ms,
      avg(r.p99_itl_bound_ms) AS p99_itl_ms,
      avg(r.median_tpot_bound_ms) AS p50_tpot_ms, avg(r.p90_tpot_bound_ms) AS p90_tpot_ms,
      avg(r.p99_tpot_bound_ms) AS p99_tpot_ms,
      avg(r.output_throughput) AS tokens_per_s,
      sum(r.attainment * r.n) / sum(r.n) FILTER (WHERE r.attainment IS NOT NULL) AS attainment
    FROM counted c JOIN results r ON r.run = c.run GROUP BY ALL
  )
SELECT
  cell.experiment, cell.cell, cell.strategy, cell.load_point,
  coalesce(measured.repeats, 0) AS repeats, measured.n, measured.failures,
  p50_ttft_ms, p90_ttft_ms, p99_ttft_ms, p50_itl_ms, p90_itl_ms, p99_itl_ms,
  p50_tpot_ms, p90_tpot_ms, p99_tpot_ms, tokens_per_s, attainment, said.verdicts
FROM cell
LEFT JOIN measured ON measured.experiment = cell.experiment AND measured.cell = cell.cell
LEFT JOIN said ON said.experiment = cell.experiment AND said.cell = cell.cell
ORDER BY cell.experiment, cell.rate NULLS LAST, cell.concurrency NULLS LAST, cell.first_start,
  cell.cell
