-- title: What a warm cache gains
-- meaning: A row for each cell and temperature: pass 1 of a run is cold, later passes of the same
-- meaning: prompts are warm; a run of one pass counts as what its label `cache_state` says, else as
-- meaning: unknown. TTFTs are means over the runs of the runs' means, failures counted as at least
-- meaning: their time limit. `gain` divides the cold TTFT by this one; `fits` compares the tokens of
-- meaning: the prompts with the label `cache-tokens`, where there is one.
-- parameter: experiment VARCHAR = NULL: only this experiment
-- column: experiment: experiment
-- column: cell: cell
-- column: temperature: cold, warm or unknown
-- column: repeats: runs counted
-- column: mean_ttft_ms (ms): mean TTFT
-- column: p99_ttft_ms (ms): mean of the runs' p99 TTFT
-- column: cached_share (0 to 1): prompt tokens served from a cache
-- column: gain (ratio): cold mean TTFT divided by this one
-- column: prompt_tokens: tokens of a pass's prompts
-- column: fits: whether these fit the cache; NULL where its size is unknown
WITH
  run AS (
    SELECT c.experiment, c.cell, c.rate, c.concurrency,
      CASE WHEN s.scope <> 'all' THEN s.scope
        ELSE coalesce(c.labels['cache_state'], c.derived['cache_state'], 'unknown') END AS temperature,
      s.mean_ttft_bound_ms, s.p99_ttft_bound_ms, s.cached_share,
      s.n * s.mean_input_tokens / CASE s.scope WHEN 'warm' THEN greatest(c.passes - 1, 1) ELSE 1 END
        AS prompt_tokens,
      try_cast(coalesce(c.labels['cache-tokens'], c.derived['cache-tokens']) AS DOUBLE) AS capacity
    FROM counted_runs c JOIN summaries s ON s.run = c.run
    WHERE ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
    QUALIFY s.scope <> 'all' OR count(*) OVER (PARTITION BY c.run) = 1
  ),
  state AS (
    SELECT experiment, cell, temperature, min(rate) AS rate, min(concurrency) AS concurrency,
      count(*) AS repeats, avg(mean_ttft_bound_ms) AS mean_ttft_ms,
      avg(p99_ttft_bound_ms) AS p99_ttft_ms, avg(cached_share) AS cached_share,
      avg(prompt_tokens) AS prompt_tokens, avg(prompt_tokens) <= avg(capacity) AS fits
    FROM run GROUP BY experiment, cell, temperature
  )
SELECT experiment, cell, temperature, repeats, mean_ttft_ms, p99_ttft_ms, cached_share,
  max(mean_ttft_ms) FILTER (WHERE temperature = 'cold') OVER (PARTITION BY experiment, cell)
    / nullif(mean_ttft_ms, 0) AS gain,
  prompt_tokens, fits
FROM state
ORDER BY experiment, rate NULLS LAST, concurrency NULLS LAST, cell, temperature
