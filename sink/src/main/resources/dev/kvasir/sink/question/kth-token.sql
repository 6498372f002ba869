-- title: Time to the k-th token
-- meaning: A row for each strategy, load point and k of 1, 2, 5, 10, 20, 50, 100, 200, 500 and 1000:
-- meaning: from when a request was due to the chunk that brought its k-th output token, over measured
-- meaning: requests of counted runs that ended well and are that long. A chunk of unknown size counts
-- meaning: as one token.
-- none: No counted run has chunks of requests that ended well; imported arrays of gaps have no chunks.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: strategy: strategy
-- column: load_point: load point
-- column: k: which token
-- column: requests: requests that have one
-- column: mean_ms (ms): mean
-- column: p50_ms (ms): median
-- column: p99_ms (ms): 99th percentile
WITH
  request AS (
    SELECT c.experiment, c.strategy, c.load_point, c.rate, c.concurrency, f.run, f.ordinal,
      f.due_at_ns
    FROM counted_runs c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE' AND f.outcome = 'OK'
      AND ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
  ),
  counted AS (
    SELECT t.run, t.ordinal, t.at_ns, coalesce(t.tokens, 1) AS tokens,
      sum(coalesce(t.tokens, 1)) OVER (PARTITION BY t.run, t.ordinal ORDER BY t.index) AS upto
    FROM tokens t SEMI JOIN request r ON r.run = t.run
  ),
  wanted AS (SELECT unnest([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]) AS k)
SELECT r.experiment, r.strategy, r.load_point, w.k, count(*) AS requests,
  avg((t.at_ns - r.due_at_ns) / 1e6) AS mean_ms,
  quantile_cont((t.at_ns - r.due_at_ns) / 1e6, 0.5) AS p50_ms,
  quantile_cont((t.at_ns - r.due_at_ns) / 1e6, 0.99) AS p99_ms
FROM counted t
JOIN wanted w ON w.k <= t.upto AND w.k > t.upto - t.tokens
JOIN request r ON r.run = t.run AND r.ordinal = t.ordinal
GROUP BY r.experiment, r.strategy, r.load_point, w.k
ORDER BY r.experiment, min(r.rate) NULLS LAST, min(r.concurrency) NULLS LAST, r.load_point,
  r.strategy, w.k
