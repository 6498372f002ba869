-- title: How far cache hits explain the time to first token
-- meaning: A row for each strategy: least squares of the TTFT of requests that ended well on their
-- meaning: prompt tokens that no cache held, over counted runs; `explained` is the share of the
-- meaning: variance that this explains. `hit_residual_ms` is the mean of what is left over for
-- meaning: requests with hits: above 0, a hit costs time (a transfer) that computing nothing does
-- meaning: not explain.
-- none: No counted run's server says how many prompt tokens came from a cache.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: strategy: strategy
-- column: requests: requests that say how many prompt tokens were cached
-- column: cached_share (0 to 1): prompt tokens served from a cache
-- column: base_ms (ms): TTFT with nothing to compute
-- column: ms_per_1k_tokens (ms): time that 1,000 computed prompt tokens add
-- column: explained (0 to 1): share of the TTFT's variance
-- column: hit_residual_ms (ms): mean residual of requests with hits
WITH
  request AS (
    SELECT c.experiment, c.strategy, f.ttft_ms, f.input_tokens, f.cached_tokens,
      f.input_tokens - f.cached_tokens AS computed
    FROM counted_runs c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE' AND f.outcome = 'OK' AND f.cached_tokens IS NOT NULL
      AND f.input_tokens IS NOT NULL
      AND ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
  ),
  fit AS (
    SELECT experiment, strategy, count(*) AS requests,
      sum(cached_tokens) / nullif(sum(input_tokens), 0) AS cached_share,
      CASE WHEN var_pop(computed) > 0 THEN regr_intercept(ttft_ms, computed) END AS base_ms,
      CASE WHEN var_pop(computed) > 0 THEN regr_slope(ttft_ms, computed) END AS slope,
      CASE WHEN var_pop(computed) > 0 THEN regr_r2(ttft_ms, computed) END AS explained
    FROM request GROUP BY ALL
  )
SELECT f.experiment, f.strategy, f.requests, f.cached_share, f.base_ms,
  1000 * f.slope AS ms_per_1k_tokens, f.explained,
  avg(r.ttft_ms - f.base_ms - f.slope * r.computed) FILTER (WHERE r.cached_tokens > 0)
    AS hit_residual_ms
FROM fit f JOIN request r ON r.experiment = f.experiment AND r.strategy = f.strategy
GROUP BY ALL
ORDER BY f.experiment, f.strategy
