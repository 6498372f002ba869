-- title: Where the time of requests went
-- meaning: A row for each strategy, load point, source and stage, milliseconds a request. `client`: what
-- meaning: the client sees: waiting to be sent, until the first token, decoding, and `failed`, the time
-- meaning: limit of requests that failed, means over all requests. `server`: the growth of the server's own request_queue_time_seconds,
-- meaning: request_prefill_time_seconds and request_decode_time_seconds over the run, divided by the
-- meaning: requests that these count. `transfer`: time of loading and storing KV as vLLM, NIXL, SGLang and
-- meaning: LMCache report it; it runs beside other stages and is no part of their sum. `engine`: the time
-- meaning: of the simulator's steps by what it went to; requests share steps. `profiler`: imported phases.
-- meaning: What the time before the first token consists of cannot be known from the client's side.
-- none: No counted run has measured requests or imported phases.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: strategy: strategy
-- column: load_point: load point
-- column: source: client, server, transfer, engine or profiler
-- column: stage: stage
-- column: ms (ms): mean time of a request in the stage
-- column: share (0 to 1): its share of the source's stages
WITH
  counted AS (
    SELECT run, experiment, strategy, load_point, rate, concurrency FROM counted_runs
    WHERE $experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR
  ),
  request AS (
    SELECT c.experiment, c.strategy, c.load_point, c.run, f.outcome = 'OK' AS ok, f.queue_ms,
      f.ttft_sent_ms, f.e2e_sent_ms - f.ttft_sent_ms AS decode_ms, f.timeout_ms
    FROM counted c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE'
  ),
  client AS (
    UNPIVOT (
      SELECT experiment, strategy, load_point, 'client' AS source,
        avg(CASE WHEN ok THEN queue_ms ELSE 0 END) AS "1 waiting to be sent",
        avg(CASE WHEN ok THEN ttft_sent_ms ELSE 0 END) AS "2 until the first token",
        avg(CASE WHEN ok THEN decode_ms ELSE 0 END) AS "3 decoding",
        sum(timeout_ms) FILTER (WHERE NOT ok) / count(*) AS "4 failed"
      FROM request GROUP BY ALL)
    ON "1 waiting to be sent", "2 until the first token", "3 decoding", "4 failed"
    INTO NAME stage VALUE ms
  ),
  -- Sums that servers keep, in seconds. Those of source `server` are divided by their own count.
  kept(source, stage, sum, part) AS (VALUES
    ('server', '1 queueing', 'vllm:request_queue_time_seconds_sum', NULL),
    ('server', '2 prefill', 'vllm:request_prefill_time_seconds_sum', NULL),
    ('server', '3 decoding', 'vllm:request_decode_time_seconds_sum', NULL),
    ('transfer', '1 loading KV', 'vllm:kv_offload_load_time_total', NULL),
    ('transfer', '1 loading KV', 'sglang:load_back_duration_seconds_sum', NULL),
    ('transfer', '1 loading KV', 'lmcache:time_to_retrieve_sum', NULL),
    ('transfer', '2 storing KV', 'vllm:kv_offload_store_time_total', NULL),
    ('transfer', '2 storing KV', 'sglang:eviction_duration_seconds_sum', NULL),
    ('transfer', '2 storing KV', 'lmcache:time_to_store_sum', NULL),
    ('transfer', '3 between engines', 'vllm:nixl_xfer_time_seconds_sum', NULL),
    ('engine', '1 attention', 'kvasir:step_seconds_total', 'attention'),
    ('engine', '2 other compute', 'kvasir:step_seconds_total', 'other'),
    ('engine', '3 transfer', 'kvasir:step_seconds_total', 'transfer'),
    ('engine', '4 stall', 'kvasir:step_seconds_total', 'stall')
  ),
  grown AS (
    SELECT run, name, labels['part'] AS part, labels, max(value) - min(value) AS growth
    FROM sample SEMI JOIN counted ON counted.run = sample.run
    WHERE source = 'SERVER' AND (name IN (SELECT sum FROM kept)
      OR regexp_matches(name, '^vllm:request_(queue|prefill|decode)_time_seconds_count$'))
    GROUP BY ALL
  ),
  requests AS (
    SELECT experiment, strategy, load_point, count(*) FILTER (WHERE ok) AS requests
    FROM request GROUP BY ALL
  ),
  server AS (
    SELECT c.experiment, c.strategy, c.load_point, k.source, k.stage,
      1000 * sum(g.growth) FILTER (WHERE g.name = k.sum) / nullif(coalesce(
        nullif(sum(g.growth) FILTER (WHERE g.name <> k.sum), 0), any_value(n.requests)), 0) AS ms
    FROM counted c
    JOIN requests n ON n.experiment = c.experiment AND n.strategy = c.strategy
      AND n.load_point = c.load_point
    JOIN grown g ON g.run = c.run
    JOIN kept k ON (k.part IS NULL OR k.part = g.part)
      AND (g.name = k.sum OR (k.source = 'server' AND g.name = replace(k.sum, '_sum', '_count')))
    GROUP BY c.experiment, c.strategy, c.load_point, k.source, k.stage
    HAVING ms IS NOT NULL
  ),
  profiler AS (
    SELECT c.experiment, c.strategy, c.load_point, 'profiler' AS source,
      regexp_replace(p.metric, '^phase[:.]', '') AS stage, 1000 * avg(p.value) AS ms
    FROM counted c JOIN result_reported p ON p.run = c.run
    WHERE p.metric LIKE 'phase:%' OR p.metric LIKE 'phase.%' GROUP BY ALL
  ),
  every AS (
    SELECT * FROM client UNION ALL BY NAME SELECT * FROM server
    UNION ALL BY NAME
    SELECT * REPLACE ('server' AS source) FROM client c
    WHERE stage = '4 failed' AND EXISTS (FROM server s WHERE s.source = 'server'
      AND s.experiment = c.experiment AND s.strategy = c.strategy AND s.load_point = c.load_point)
    UNION ALL BY NAME SELECT * FROM profiler
  ),
  place AS (
    SELECT experiment, strategy, load_point, min(rate) AS rate, min(concurrency) AS concurrency
    FROM counted GROUP BY ALL
  )
SELECT e.experiment, e.strategy, e.load_point, e.source,
  regexp_replace(e.stage, '^\d ', '') AS stage, e.ms,
  e.ms / nullif(sum(e.ms) OVER (PARTITION BY e.experiment, e.strategy, e.load_point, e.source), 0)
    AS share
FROM every e JOIN place p USING (experiment, strategy, load_point)
ORDER BY e.experiment, p.rate NULLS LAST, p.concurrency NULLS LAST, e.load_point, e.strategy,
  e.source, e.stage
