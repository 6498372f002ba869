WITH stage AS (
  SELECT * FROM (
{{question}}
  ) WHERE {{where}} AND {{source}}
),
told AS (
  SELECT * FROM stage
  QUALIFY source = first_value(source) OVER (ORDER BY list_position(
    ['profiler', 'server', 'client', 'engine', 'transfer'], source))
),
placed AS (
  SELECT t.*, r.rate, r.concurrency FROM told t
  JOIN (SELECT DISTINCT experiment, strategy, load_point, rate, concurrency FROM runs) r
    USING (experiment, strategy, load_point)
),
{{shown}}
SELECT stage AS series, NULL AS facet, NULL::DOUBLE AS x, strategy AS label, ms AS y,
  NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::DOUBLE AS std, 1 AS n, false AS hollow,
  source, load_point, share
FROM shown ORDER BY list_position(['waiting to be sent', 'queueing',
  'until the first token', 'prefill', 'transfer', 'attention', 'other compute', 'decoding',
  'stall', 'failed', 'loading KV', 'storing KV', 'between engines'], stage) NULLS LAST, stage, strategy
