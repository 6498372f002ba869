-- title: Time to first token by prompt length
-- meaning: A row for each strategy and prompt length; lengths are rounded to two digits, so that
-- meaning: neighbouring ones fall together. Mean, least, greatest and population standard deviation
-- meaning: over the measured requests of counted runs; those that failed count as at least their time
-- meaning: limit. `mean_completed_ms` is the mean of those that ended well.
-- none: No counted run has measured requests of known length.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: strategy: strategy
-- column: input_tokens (tokens): prompt length
-- column: runs: runs counted
-- column: requests: measured requests
-- column: failed: of these, failed
-- column: mean_ttft_ms (ms): mean
-- column: min_ttft_ms (ms): least
-- column: max_ttft_ms (ms): greatest
-- column: std_ttft_ms (ms): standard deviation
-- column: p99_ttft_ms (ms): 99th percentile
-- column: mean_completed_ms (ms): mean of those that ended well
WITH
  request AS (
    SELECT c.experiment, c.strategy, c.run, f.outcome = 'OK' AS ok, f.ttft_ms,
      coalesce(f.ttft_ms, f.timeout_ms + coalesce(f.queue_ms, 0)) AS bound_ms,
      coalesce(f.input_tokens, s.prompt_tokens) AS tokens
    FROM counted_runs c
    JOIN finished_requests f ON f.run = c.run
    LEFT JOIN request_sent s ON s.run = f.run AND s.ordinal = f.ordinal AND f.input_tokens IS NULL
    WHERE f.phase = 'MEASURE'
      AND ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
  )
SELECT experiment, strategy,
  rounded_to_two(tokens) AS input_tokens,
  count(DISTINCT run) AS runs, count(*) AS requests, count(*) FILTER (WHERE NOT ok) AS failed,
  avg(bound_ms) AS mean_ttft_ms, min(bound_ms) AS min_ttft_ms, max(bound_ms) AS max_ttft_ms,
  stddev_pop(bound_ms) AS std_ttft_ms, quantile_cont(bound_ms, 0.99) AS p99_ttft_ms,
  avg(ttft_ms) FILTER (WHERE ok) AS mean_completed_ms
FROM request WHERE tokens IS NOT NULL
GROUP BY ALL ORDER BY experiment, strategy, input_tokens
