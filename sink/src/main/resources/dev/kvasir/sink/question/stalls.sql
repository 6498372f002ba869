-- title: How often and for how long the tokens stopped
-- meaning: A row for each strategy and load point. A stall is a gap between two chunks of a measured
-- meaning: request that is longer than the threshold. `synchrony` is the mean over the stalls of the
-- meaning: share of the other requests that were receiving tokens at the stall's middle and stalled
-- meaning: there too: near 1 the server stood still, near 0 single requests did.
-- none: No run is counted.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: threshold MILLISECONDS = NULL: what counts as a stall, ms; if absent 10 times the run's median gap, at least 50
-- column: experiment: experiment
-- column: strategy: strategy
-- column: load_point: load point
-- column: runs: runs counted
-- column: stalls: stalls
-- column: stalled_requests (0 to 1): share of the requests with chunks that stalled
-- column: mean_ms (ms): mean duration
-- column: max_ms (ms): longest
-- column: share_of_time (0 to 1): stalled share of the time between first and last chunk
-- column: synchrony (0 to 1): how far requests stalled together; NULL when none ran beside
WITH
  counted AS (
    SELECT run, experiment, strategy, load_point, rate, concurrency FROM counted_runs
    WHERE $experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR
  ),
  gap AS (
    SELECT t.run, t.ordinal, t.at_ns - t.gap_ns AS from_ns, t.at_ns AS to_ns, t.itl_ms,
      median(t.itl_ms) OVER (PARTITION BY t.run) AS usual
    FROM tokens t SEMI JOIN counted c ON c.run = t.run
    WHERE t.phase = 'MEASURE' AND t.itl_ms IS NOT NULL
  ),
  stall AS (
    SELECT *, (from_ns + to_ns) // 2 AS middle_ns FROM gap
    WHERE itl_ms > coalesce($threshold::DOUBLE, greatest(10 * usual, 50))
  ),
  stream AS (
    SELECT run, ordinal, min(from_ns) AS from_ns, max(to_ns) AS to_ns FROM gap GROUP BY ALL
  ),
  beside AS (
    SELECT s.run, s.ordinal, s.middle_ns, count(*) AS others
    FROM stall s JOIN stream o ON o.run = s.run AND o.ordinal <> s.ordinal
      AND s.middle_ns BETWEEN o.from_ns AND o.to_ns
    GROUP BY ALL
  ),
  together AS (
    SELECT s.run, s.ordinal, s.middle_ns, count(*) AS stalled
    FROM stall s JOIN stall o ON o.run = s.run AND o.ordinal <> s.ordinal
      AND s.middle_ns BETWEEN o.from_ns AND o.to_ns
    GROUP BY ALL
  ),
  measured AS (
    SELECT s.*, coalesce(t.stalled, 0) / b.others AS synchrony
    FROM stall s
    LEFT JOIN beside b USING (run, ordinal, middle_ns)
    LEFT JOIN together t USING (run, ordinal, middle_ns)
  ),
  run AS (
    SELECT c.experiment, c.strategy, c.load_point, c.rate, c.concurrency, c.run,
      (SELECT count(*) FROM stream s WHERE s.run = c.run) AS streams,
      (SELECT sum(to_ns - from_ns) / 1e6 FROM stream s WHERE s.run = c.run) AS streaming_ms
    FROM counted c
  )
SELECT r.experiment, r.strategy, r.load_point, count(DISTINCT r.run) AS runs,
  count(m.run) AS stalls,
  count(DISTINCT CASE WHEN m.run IS NOT NULL THEN m.run || '/' || m.ordinal END)
    / nullif((SELECT sum(streams) FROM run o WHERE o.experiment = r.experiment
      AND o.strategy = r.strategy AND o.load_point = r.load_point), 0) AS stalled_requests,
  avg(m.itl_ms) AS mean_ms, max(m.itl_ms) AS max_ms,
  coalesce(sum(m.itl_ms), 0) / nullif((SELECT sum(streaming_ms) FROM run o
    WHERE o.experiment = r.experiment AND o.strategy = r.strategy
      AND o.load_point = r.load_point), 0) AS share_of_time,
  avg(m.synchrony) AS synchrony
FROM run r LEFT JOIN measured m ON m.run = r.run
GROUP BY r.experiment, r.strategy, r.load_point
ORDER BY r.experiment, min(r.rate) NULLS LAST, min(r.concurrency) NULLS LAST, r.load_point, r.strategy
