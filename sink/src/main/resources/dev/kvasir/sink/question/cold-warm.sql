-- title: What a warm cache gains
-- meaning: A row for each cell and temperature: pass 1 of a run is cold, later passes of the same
-- meaning: prompts are warm; a run of one pass counts as what its label `cache_state` says, else as
-- meaning: unknown. TTFTs are means over the runs of the runs' means, failures counted as at least
-- meaning: their time limit. `gain` divides the cold TTFT by this one; `fits` compares the tokens of
-- meaning: the prompts with those that the server says its KV pool holds (vLLM's cache_config_info, and
-- meaning: SGLang's hicache_host_total_tokens on top), or with the label `cache-tokens`. Where they fit
-- meaning: no such pool and a tier below served some, whose size in tokens nobody says, it is NULL.
-- none: No run has ended and is counted.
-- parameter: experiment TEXT = NULL: only this experiment
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
  pool AS (
    SELECT run, sum(tokens) AS tokens FROM (
      SELECT run, name, labels, max(CASE name WHEN 'sglang:hicache_host_total_tokens' THEN value
        ELSE try_cast(labels['block_size'] AS DOUBLE) * try_cast(labels['num_gpu_blocks'] AS DOUBLE)
        END) AS tokens
      FROM sample WHERE name IN ('vllm:cache_config_info', 'sglang:hicache_host_total_tokens')
      GROUP BY ALL)
    GROUP BY run
  ),
  run AS (
    SELECT c.experiment, c.cell, c.rate, c.concurrency,
      CASE WHEN s.scope <> 'all' THEN s.scope
        ELSE coalesce(c.labels['cache_state'], c.derived['cache_state'], 'unknown') END AS temperature,
      s.mean_ttft_bound_ms, s.p99_ttft_bound_ms, s.cached_share,
      s.n * s.mean_input_tokens / CASE s.scope WHEN 'warm' THEN greatest(c.passes - 1, 1) ELSE 1 END
        AS prompt_tokens,
      coalesce(try_cast(c.labels['cache-tokens'] AS DOUBLE), pool.tokens) AS capacity,
      c.labels['cache-tokens'] IS NULL AND regexp_matches(coalesce(c.observed['tiers'], ''), '[^,]+')
        AND c.observed['tiers'] <> 'HBM' AS has_tier
    FROM counted_runs c JOIN summaries s ON s.run = c.run
    LEFT JOIN pool ON pool.run = c.run
    WHERE ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
    QUALIFY s.scope <> 'all' OR count(*) OVER (PARTITION BY c.run) = 1
  ),
  state AS (
    SELECT experiment, cell, temperature, min(rate) AS rate, min(concurrency) AS concurrency,
      count(*) AS repeats, avg(mean_ttft_bound_ms) AS mean_ttft_ms,
      avg(p99_ttft_bound_ms) AS p99_ttft_ms, avg(cached_share) AS cached_share,
      avg(prompt_tokens) AS prompt_tokens, CASE
        WHEN avg(prompt_tokens) <= avg(capacity) THEN true
        WHEN NOT bool_or(coalesce(has_tier, false)) THEN avg(prompt_tokens) <= avg(capacity)
      END AS fits
    FROM run GROUP BY experiment, cell, temperature
  )
SELECT experiment, cell, temperature, repeats, mean_ttft_ms, p99_ttft_ms, cached_share,
  max(mean_ttft_ms) FILTER (WHERE temperature = 'cold') OVER (PARTITION BY experiment, cell)
    / nullif(mean_ttft_ms, 0) AS gain,
  prompt_tokens, fits
FROM state
ORDER BY experiment, rate NULLS LAST, concurrency NULLS LAST, cell, temperature
