-- title: What an engine's newer version changed
-- meaning: A row for each strategy, model, workload, load point and pair of neighbouring engine
-- meaning: versions (in the order of their first run): goodput (attained requests per second) and
-- meaning: p99 TTFT of each, means over the repeats, and the relative change with its 95 % interval
-- meaning: (Welch's t, Satterthwaite's degrees of freedom). `significant` when the interval leaves
-- meaning: out 0; NULL below 2 repeats on either side.
-- none: No strategy was run with two engine versions under one load.
-- parameter: strategy TEXT = NULL: only this strategy
-- column: strategy: strategy
-- column: model: model
-- column: load_point: load point
-- column: version: engine and older version
-- column: next_version: newer version
-- column: repeats: runs of the older version
-- column: next_repeats: runs of the newer version
-- column: goodput (requests/s): of the older version
-- column: next_goodput (requests/s): of the newer version
-- column: change (ratio): relative change of the goodput
-- column: change_low (ratio): lower end of its 95 % interval
-- column: change_high (ratio): upper end
-- column: significant: whether the interval leaves out 0
-- column: p99_ttft_change (ratio): relative change of the p99 TTFT
WITH
  version AS (
    SELECT c.strategy, c.model, c.workload_hash, c.load_point, c.engine, c.engine_version,
      min(c.started_at) AS first_run, count(*) AS n, avg(r.request_goodput) AS mean,
      var_samp(r.request_goodput) AS variance, avg(r.p99_ttft_bound_ms) AS p99
    FROM counted_runs c JOIN results r ON r.run = c.run
    WHERE c.engine_version IS NOT NULL
      AND ($strategy::VARCHAR IS NULL OR c.strategy = $strategy::VARCHAR)
    GROUP BY ALL
  ),
  pair AS (
    SELECT *, lead(engine_version) OVER w AS next_version, lead(n) OVER w AS next_n,
      lead(mean) OVER w AS next_mean, lead(variance) OVER w AS next_variance,
      lead(p99) OVER w AS next_p99
    FROM version
    WINDOW w AS (PARTITION BY strategy, model, workload_hash, load_point, engine ORDER BY first_run)
  ),
  tested AS (
    SELECT *, sqrt(variance / n + next_variance / next_n) AS error,
      (variance / n + next_variance / next_n) ** 2 / nullif(
        (variance / n) ** 2 / (n - 1) + (next_variance / next_n) ** 2 / (next_n - 1), 0) AS freedom
    FROM pair WHERE next_version IS NOT NULL
  ),
  bounded AS (
    SELECT *, CASE WHEN n > 1 AND next_n > 1 AND error = 0 THEN 0 WHEN n > 1 AND next_n > 1
      THEN error * t_quantile_975_at(freedom) END AS half
    FROM tested
  )
SELECT strategy, model, load_point, concat_ws(' ', engine, engine_version) AS version, next_version,
  n AS repeats, next_n AS next_repeats, mean AS goodput, next_mean AS next_goodput,
  (next_mean - mean) / nullif(mean, 0) AS change,
  (next_mean - mean - half) / nullif(mean, 0) AS change_low,
  (next_mean - mean + half) / nullif(mean, 0) AS change_high,
  abs(next_mean - mean) > half AS significant,
  (next_p99 - p99) / nullif(p99, 0) AS p99_ttft_change
FROM bounded ORDER BY strategy, model, load_point, first_run
