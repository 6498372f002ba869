-- title: What was measured against what the simulator emitted
-- meaning: A row for each metric, over measured requests that ended well and lie in the simulator's
-- meaning: log: `ttft` is the stamp of the first content minus the instant right before it was
-- meaning: written, `itl` a measured gap minus the emitted gap. Differences are milliseconds; p50,
-- meaning: p99 and max are of their absolute value. `measured` and `emitted` count chunks (for
-- meaning: `itl`) and requests (for `ttft`), and agree when nothing was lost; a request id is
-- meaning: `<run id>/<ordinal>`. The table `emission` holds the log.
-- none: No measured request is in an emission log; name the logs with `--emissions`.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: metric: ttft or itl
-- column: measured: chunks or requests measured
-- column: emitted: chunks or requests in the log
-- column: matched: found in both
-- column: mean_error_ms (ms): mean of measured minus emitted
-- column: p50_error_ms (ms): median of its absolute value
-- column: p99_error_ms (ms): 99th percentile
-- column: max_error_ms (ms): greatest
WITH
  request AS (
    SELECT f.run, f.ordinal, r.id || '/' || f.ordinal AS request_id
    FROM finished_requests f JOIN runs r ON r.run = f.run
    WHERE f.phase = 'MEASURE' AND f.outcome = 'OK'
      AND ($experiment::VARCHAR IS NULL OR r.experiment = $experiment::VARCHAR)
  ),
  measured AS (
    SELECT r.request_id, t.index, t.at_ns, t.gap_ns
    FROM tokens t JOIN request r ON r.run = t.run AND r.ordinal = t.ordinal
  ),
  emitted AS (
    SELECT e.request_id, row_number() OVER w - 1 AS index, e.emitted_ns,
      e.emitted_ns - lag(e.emitted_ns) OVER w AS gap_ns
    FROM emission e SEMI JOIN request r ON r.request_id = e.request_id
    WINDOW w AS (PARTITION BY e.request_id ORDER BY e.index)
  ),
  matched AS (
    SELECT m.index AS measured_index, e.index AS emitted_index,
      m.at_ns - e.emitted_ns AS stamp_error_ns, m.gap_ns - e.gap_ns AS gap_error_ns
    FROM measured m
    FULL JOIN emitted e ON e.request_id = m.request_id AND e.index = m.index
  ),
  error AS (
    SELECT 'ttft' AS metric, measured_index, emitted_index, stamp_error_ns / 1e6 AS error_ms
    FROM matched WHERE coalesce(measured_index, emitted_index) = 0
    UNION ALL
    SELECT 'itl', measured_index, emitted_index, gap_error_ns / 1e6
    FROM matched WHERE coalesce(measured_index, emitted_index) > 0
  )
SELECT metric,
  count(measured_index) AS measured, count(emitted_index) AS emitted, count(error_ms) AS matched,
  avg(error_ms) AS mean_error_ms,
  quantile_cont(abs(error_ms), 0.5) AS p50_error_ms,
  quantile_cont(abs(error_ms), 0.99) AS p99_error_ms,
  max(abs(error_ms)) AS max_error_ms
FROM error GROUP BY metric ORDER BY metric DESC
