-- title: Where the time of requests went
-- meaning: A row for each strategy, load point and stage. Stages that the client sees: waiting to be
-- meaning: sent, waiting for the first token, decoding (mean over requests that ended well, ms a
-- meaning: request). Where the server reports times of stages (its request_queue_time_seconds,
-- meaning: request_prefill_time_seconds and request_decode_time_seconds, or seconds by step), the
-- meaning: growth of these sums over the run divided by the requests is a row of source `server`;
-- meaning: phases imported from a profiler are of source `profiler`. What the time before the first
-- meaning: token consists of cannot be known from the client's side: without server rows it is one.
-- parameter: experiment VARCHAR = NULL: only this experiment
-- column: experiment: experiment
-- column: strategy: strategy
-- column: load_point: load point
-- column: source: client, server or profiler
-- column: stage: stage
-- column: ms (ms): mean time of a request in the stage
-- column: share (0 to 1): its share of the source's stages
WITH
  counted AS (
    SELECT run, experiment, strategy, load_point, rate, concurrency FROM counted_runs
    WHERE $experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR
  ),
  request AS (
    SELECT c.experiment, c.strategy, c.load_point, c.run, f.queue_ms, f.ttft_sent_ms,
      f.e2e_sent_ms - f.ttft_sent_ms AS decode_ms
    FROM counted c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE' AND f.outcome = 'OK'
  ),
  client AS (
    UNPIVOT (
      SELECT experiment, strategy, load_point, 'client' AS source,
        avg(queue_ms) AS "1 waiting to be sent", avg(ttft_sent_ms) AS "2 until the first token",
        avg(decode_ms) AS "3 decoding"
      FROM request GROUP BY ALL)
    ON "1 waiting to be sent", "2 until the first token", "3 decoding" INTO NAME stage VALUE ms
  ),
  grown AS (
    SELECT c.experiment, c.strategy, c.load_point, c.run, s.labels,
      CASE
        WHEN s.name LIKE '%queue_time_seconds_sum' THEN '1 queueing'
        WHEN s.name LIKE '%prefill_time_seconds_sum' THEN '2 prefill'
        WHEN s.name LIKE '%kv_offload_load_time%' OR s.name LIKE '%transfer_seconds%' THEN '3 transfer'
        WHEN s.name LIKE '%decode_time_seconds_sum' THEN '4 decoding'
        WHEN s.name LIKE '%attention_seconds%' THEN '5 attention'
        WHEN s.name LIKE '%compute_seconds%' THEN '6 other compute'
        WHEN s.name LIKE '%stall_seconds%' THEN '7 stall'
      END AS stage,
      max(s.value) - min(s.value) AS seconds
    FROM counted c JOIN sample s ON s.run = c.run
    WHERE s.source = 'SERVER' AND s.name LIKE '%seconds%' GROUP BY ALL
  ),
  server AS (
    SELECT g.experiment, g.strategy, g.load_point, 'server' AS source, g.stage,
      1000 * sum(g.seconds) / nullif(any_value(n.requests), 0) AS ms
    FROM grown g
    JOIN (SELECT experiment, strategy, load_point, count(*) AS requests FROM request GROUP BY ALL) n
      USING (experiment, strategy, load_point)
    WHERE g.stage IS NOT NULL GROUP BY ALL
  ),
  profiler AS (
    SELECT c.experiment, c.strategy, c.load_point, 'profiler' AS source,
      regexp_replace(p.metric, '^phase[:.]', '') AS stage, 1000 * avg(p.value) AS ms
    FROM counted c JOIN result_reported p ON p.run = c.run
    WHERE p.metric LIKE 'phase:%' OR p.metric LIKE 'phase.%' GROUP BY ALL
  ),
  every AS (
    SELECT * FROM client UNION ALL BY NAME SELECT * FROM server
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
