-- title: What a cache miss costs, by tier
-- meaning: A row for each strategy and tier that served prompt tokens. Requests go by the tier that
-- meaning: served most of their cached tokens (`none`: no hit; `cache`: the server does not say
-- meaning: which). `ms_per_1k_tokens` is the median over requests of TTFT divided by prompt tokens;
-- meaning: `cost_ms_per_1k_tokens` is what the tier costs more than the cheapest one of the strategy.
-- none: No counted run has requests with prompt tokens and a first token.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: strategy: strategy
-- column: tier: tier
-- column: requests: measured requests that ended well
-- column: served_share (0 to 1): mean share of their prompt tokens that a cache served
-- column: median_ttft_ms (ms): median TTFT
-- column: ms_per_1k_tokens (ms): median TTFT for each 1,000 prompt tokens
-- column: cost_ms_per_1k_tokens (ms): the same above the cheapest tier's
WITH
  request AS (
    SELECT c.experiment, c.strategy, f.ttft_ms, f.input_tokens, f.cached_tokens,
      coalesce(
        list_sort(list_transform(
          list_filter(map_entries(f.cached_by_tier), lambda e: e.value > 0),
          lambda e: {'tokens': -e.value, 'tier': e.key}))[1].tier,
        CASE WHEN coalesce(f.cached_tokens, 0) > 0 THEN 'cache' ELSE 'none' END) AS tier
    FROM counted_runs c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE' AND f.outcome = 'OK' AND f.ttft_ms IS NOT NULL AND f.input_tokens > 0
      AND ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
  ),
  tier AS (
    SELECT experiment, strategy, tier, count(*) AS requests,
      avg(coalesce(cached_tokens, 0) / input_tokens) AS served_share,
      median(ttft_ms) AS median_ttft_ms, median(1000 * ttft_ms / input_tokens) AS ms_per_1k_tokens
    FROM request GROUP BY ALL
  )
SELECT *, ms_per_1k_tokens - min(ms_per_1k_tokens) OVER (PARTITION BY experiment, strategy)
    AS cost_ms_per_1k_tokens
FROM tier ORDER BY experiment, strategy, ms_per_1k_tokens, tier
