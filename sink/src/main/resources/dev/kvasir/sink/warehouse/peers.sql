-- The same words mean different things in different tools. What each of them would have reported of
-- our events, as far as events tell; latencies are milliseconds. None of these sees when a request
-- was due, but `kvasir` and `loadgen`.

-- How each tool defines its words.
--   clock      when a request begins: `due`, or `sent`
--   first      what ends TTFT: the first `chunk` with choices, even if empty, or the first `content`
--   ends       what ends a request: its last `content`, the stream's end marker (`done`), or its end
--   tpot       `answer`: (E2E - TTFT) / (n - 1); `content`: (last - first content) / (n - 1);
--              `whole`: E2E / n; `none`
--   itl        `chunks`: all gaps between chunks; `tokens`: these, and a gap of 0 for every further
--              token of a chunk; `requests`: (last - first content) / (n - 1) of each request;
--              `weighted`: the same, once for each gap; `whole`: E2E / n; `none`
--   quantile   `linear` interpolation; `inverse` of the empirical distribution; `index`: the element
--              at floor(q n)
--   std        `population` or `sample`
--   share      what attainment divides by: `due` requests, those that ended `ok`, or it has `none`
CREATE OR REPLACE VIEW peer_definitions AS
FROM (VALUES
  ('kvasir', 'due', 'content', 'content', 'content', 'chunks', 'linear', 'population', 'due'),
  ('vllm', 'sent', 'chunk', 'content', 'answer', 'chunks', 'linear', 'population', 'none'),
  ('sglang', 'sent', 'content', 'done', 'answer', 'chunks', 'linear', 'population', 'none'),
  ('aiperf', 'sent', 'content', 'content', 'content', 'requests', 'linear', 'population', 'due'),
  ('guidellm', 'sent', 'content', 'end', 'whole', 'weighted', 'inverse', 'population', 'none'),
  ('inference-perf', 'sent', 'content', 'end', 'content', 'tokens', 'linear', 'none', 'ok'),
  ('genai-bench', 'sent', 'content', 'end', 'answer', 'none', 'linear', 'population', 'none'),
  ('evalscope', 'sent', 'chunk', 'done', 'answer', 'chunks', 'index', 'none', 'none'),
  ('llmperf', 'sent', 'content', 'end', 'none', 'whole', 'linear', 'sample', 'none'),
  ('lmcache', 'sent', 'content', 'end', 'none', 'none', 'linear', 'population', 'none'),
  ('loadgen', 'due', 'content', 'content', 'answer', 'none', 'index', 'none', 'none')
) AS peer(tool, clock, first, ends, tpot, itl, quantile, std, share);

-- A row for each tool and measured request: its latencies by the tool's definitions. `met_…` is NULL
-- where the run has no such limit; a single output token has no TPOT and meets its limit.
CREATE OR REPLACE VIEW peer_requests AS
WITH
  timed AS (
    SELECT d.tool, d.quantile, d.std, d.share, d.tpot AS tpot_kind, d.itl AS itl_kind,
      f.run, f.ordinal, f.outcome = 'OK' AS ok, f.output_tokens AS n, f.chunks,
      CASE d.clock WHEN 'due' THEN f.ttft_ms
        ELSE CASE d.first WHEN 'chunk' THEN f.ttft_chunk_ms ELSE f.ttft_sent_ms END END AS first_ms,
      CASE d.ends WHEN 'content' THEN f.e2e_sent_ms
        WHEN 'done' THEN (coalesce(f.done_at_ns, f.last_content_at_ns) - f.sent_at_ns) / 1e6
        ELSE (f.end_at_ns - f.sent_at_ns) / 1e6 END
        + CASE d.clock WHEN 'due' THEN f.e2e_ms - f.e2e_sent_ms ELSE 0 END AS last_ms,
      f.tpot_ms AS content_ms, f.ttft_slo_ms, f.tpot_slo_ms
    FROM finished_requests f CROSS JOIN peer_definitions d
    WHERE f.phase = 'MEASURE'
  ),
  defined AS (
    SELECT *,
      CASE WHEN tool = 'inference-perf' AND chunks < 2 THEN NULL ELSE first_ms END AS ttft_ms,
      last_ms AS e2e_ms,
      CASE tpot_kind
        WHEN 'answer' THEN CASE WHEN n > 1 THEN (last_ms - first_ms) / (n - 1) END
        WHEN 'content' THEN content_ms
        WHEN 'whole' THEN last_ms / nullif(n, 0) END AS tpot_ms
    FROM timed
  )
SELECT tool, run, ordinal, ok, ttft_ms, tpot_ms, e2e_ms,
  CASE itl_kind WHEN 'requests' THEN content_ms WHEN 'weighted' THEN content_ms
    WHEN 'whole' THEN last_ms / nullif(n, 0) END AS itl_ms,
  CASE itl_kind WHEN 'weighted' THEN n - 1 ELSE 1 END AS itl_weight,
  ttft_slo_ms, tpot_slo_ms, n AS output_tokens
FROM defined;

-- A row for each tool, run, and inter-token latency by the tool's definition; `weight` is how often
-- it counts.
CREATE OR REPLACE VIEW peer_gaps AS
WITH
  gap AS (
    SELECT t.run, t.ordinal, t.itl_ms, t.tokens FROM tokens t
    JOIN finished_requests f ON f.run = t.run AND f.ordinal = t.ordinal
    WHERE f.phase = 'MEASURE' AND f.outcome = 'OK'
      AND t.run NOT IN (SELECT run FROM request_reported)
    UNION ALL
    SELECT f.run, f.ordinal, unnest(p.itl_seconds) * 1e3, NULL
    FROM request_reported p
    JOIN finished_requests f ON f.run = p.run AND f.ordinal = p.ordinal
    WHERE f.phase = 'MEASURE' AND f.outcome = 'OK'
  )
SELECT d.tool, g.run, g.itl_ms, 1 AS weight
FROM gap g CROSS JOIN peer_definitions d
WHERE g.itl_ms IS NOT NULL AND d.itl IN ('chunks', 'tokens')
UNION ALL
SELECT d.tool, g.run, 0, g.tokens - 1
FROM gap g CROSS JOIN peer_definitions d WHERE g.tokens > 1 AND d.itl = 'tokens'
UNION ALL
SELECT p.tool, p.run, p.itl_ms, p.itl_weight
FROM peer_requests p WHERE p.ok AND p.itl_ms IS NOT NULL AND p.itl_weight > 0;

-- A quantile of sorted values as a tool takes it.
CREATE OR REPLACE MACRO peer_quantile(samples, q, kind) AS
  CASE WHEN len(samples) > 0 THEN
    CASE kind
      WHEN 'linear' THEN list_aggregate(samples, 'quantile_cont', q)
      WHEN 'inverse' THEN samples[greatest(1, ceil(q * len(samples))::BIGINT)]
      ELSE samples[least(len(samples), floor(q * len(samples))::BIGINT + 1)] END END;

-- What each tool would have reported of each run, over requests that ended well. Goodput is attained
-- requests per second, NULL for a tool without a TPOT; a tool that knows no share of attained requests
-- has none. A tool's limits are the run's.
CREATE OR REPLACE VIEW peers AS
WITH
  request AS (
    SELECT tool, run, count(*) AS n, count(*) FILTER (WHERE ok) AS completed,
      count(*) FILTER (WHERE ok
        AND (ttft_slo_ms IS NULL OR coalesce(ttft_ms <= ttft_slo_ms, false))
        AND (tpot_slo_ms IS NULL OR output_tokens <= 1 OR coalesce(tpot_ms <= tpot_slo_ms, false)))
        AS attained,
      avg(ttft_ms) FILTER (WHERE ok) AS mean_ttft_ms,
      list(ttft_ms ORDER BY ttft_ms) FILTER (WHERE ok AND ttft_ms IS NOT NULL) AS ttft,
      avg(tpot_ms) FILTER (WHERE ok) AS mean_tpot_ms,
      list(tpot_ms ORDER BY tpot_ms) FILTER (WHERE ok AND tpot_ms IS NOT NULL) AS tpot,
      avg(e2e_ms) FILTER (WHERE ok) AS mean_e2e_ms,
      list(e2e_ms ORDER BY e2e_ms) FILTER (WHERE ok AND e2e_ms IS NOT NULL) AS e2e
    FROM peer_requests GROUP BY tool, run
  ),
  gap AS (
    SELECT tool, run, avg(itl_ms) AS mean_itl_ms, list(itl_ms ORDER BY itl_ms) AS itl
    FROM (SELECT tool, run, itl_ms, unnest(range(weight)) FROM peer_gaps) GROUP BY tool, run
  )
SELECT d.tool, r.run, r.n, r.completed,
  r.mean_ttft_ms, peer_quantile(r.ttft, 0.5, d.quantile) AS p50_ttft_ms,
  peer_quantile(r.ttft, 0.99, d.quantile) AS p99_ttft_ms,
  CASE d.std WHEN 'population' THEN list_aggregate(r.ttft, 'stddev_pop')
    WHEN 'sample' THEN list_aggregate(r.ttft, 'stddev_samp') END AS std_ttft_ms,
  g.mean_itl_ms, peer_quantile(g.itl, 0.5, d.quantile) AS p50_itl_ms,
  peer_quantile(g.itl, 0.99, d.quantile) AS p99_itl_ms,
  r.mean_tpot_ms, peer_quantile(r.tpot, 0.5, d.quantile) AS p50_tpot_ms,
  peer_quantile(r.tpot, 0.99, d.quantile) AS p99_tpot_ms,
  r.mean_e2e_ms, peer_quantile(r.e2e, 0.5, d.quantile) AS p50_e2e_ms,
  peer_quantile(r.e2e, 0.99, d.quantile) AS p99_e2e_ms,
  CASE WHEN d.tpot <> 'none' THEN r.attained / nullif(s.duration, 0) END AS goodput,
  CASE d.share WHEN 'due' THEN r.attained / r.n WHEN 'ok' THEN r.attained / nullif(r.completed, 0) END
    AS attainment
FROM request r
JOIN peer_definitions d ON d.tool = r.tool
LEFT JOIN gap g ON g.tool = r.tool AND g.run = r.run
LEFT JOIN summaries s ON s.run = r.run AND s.scope = 'all';

CREATE OR REPLACE VIEW vllm AS SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'vllm';
CREATE OR REPLACE VIEW sglang AS SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'sglang';
CREATE OR REPLACE VIEW aiperf AS SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'aiperf';
CREATE OR REPLACE VIEW guidellm AS SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'guidellm';
CREATE OR REPLACE VIEW inference_perf AS
SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'inference-perf';
CREATE OR REPLACE VIEW genai_bench AS
SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'genai-bench';
CREATE OR REPLACE VIEW evalscope AS SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'evalscope';
CREATE OR REPLACE VIEW llmperf AS SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'llmperf';
CREATE OR REPLACE VIEW lmcache AS SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'lmcache';
CREATE OR REPLACE VIEW loadgen AS SELECT * EXCLUDE (tool) FROM peers WHERE tool = 'loadgen';
