-- What people query. Every definition is that of dev.kvasir.metric; durations are milliseconds.

CREATE OR REPLACE VIEW runs AS
WITH
  ended AS (
    SELECT * FROM run_finished
    QUALIFY row_number() OVER (PARTITION BY run ORDER BY rowid DESC) = 1
  ),
  withdrawn AS (
    SELECT * FROM run_retracted
    QUALIFY row_number() OVER (PARTITION BY run ORDER BY rowid DESC) = 1
  ),
  label AS (
    SELECT run, unnest(map_entries(declared)) AS entry, -1 AS said FROM run_started
    UNION ALL
    SELECT run, unnest(map_entries(labels)) AS entry, rowid AS said FROM run_labelled
  ),
  last_label AS (
    SELECT run, entry FROM label
    QUALIFY row_number() OVER (PARTITION BY run, entry.key ORDER BY said DESC) = 1
  ),
  labelled AS (
    SELECT run, map_from_entries(list(entry ORDER BY entry.key)) AS labels FROM last_label
    WHERE entry.value IS NOT NULL GROUP BY run
  ),
  last_score AS (
    SELECT run, {'key': metric, 'value': value} AS entry FROM run_scored
    QUALIFY row_number() OVER (PARTITION BY run, metric ORDER BY rowid DESC) = 1
  ),
  scored AS (
    SELECT run, map_from_entries(list(entry ORDER BY entry.key)) AS scores FROM last_score
    GROUP BY run
  ),
  cut AS (SELECT min(last_kept_at_ms) * 1000000 AS from_ns, max(detected_at_ns) AS to_ns
    FROM log_loss WHERE kind = 'cut')
SELECT
  s.run, s.id, s.experiment, s.strategy, s.cell, s.load_point, s.repeat, s.seed,
  coalesce(labelled.labels, MAP {}) AS labels, s.derived, s.parameters,
  coalesce(scored.scores, MAP {}) AS scores,
  s.load_kind, s.load_arrivals AS arrivals, s.load_rate AS rate, s.load_burstiness AS burstiness,
  s.load_concurrency AS concurrency,
  s.server_model AS model, s.server_url AS url, s.server_protocol AS protocol,
  s.server_engine AS engine, s.server_engine_version AS engine_version, s.server_gpus AS gpus,
  s.workload_name AS workload, s.workload_file, s.workload_hash,
  s.workload_output_tokens AS planned_output_tokens, s.workload_ignore_eos AS ignore_eos, s.planned_requests, s.warm_up_requests,
  s.passes, s.shards,
  s.slo_ttft_ns / 1e6 AS ttft_slo_ms, s.slo_tpot_ns / 1e6 AS tpot_slo_ms, s.slo_target,
  make_timestamp_ns(s.at_ns) AS started_at, make_timestamp_ns(ended.at_ns) AS finished_at,
  CASE WHEN withdrawn.run IS NOT NULL THEN 'retracted'
    ELSE lower(replace(ended.verdict, '_', '-')) END AS verdict,
  CASE WHEN withdrawn.run IS NULL THEN ended.reasons
    ELSE list_append(coalesce(ended.reasons, []), withdrawn.reason) END AS reasons,
  ended.requests_sent, ended.requests_finished, ended.tokens_received, ended.events_lost,
  coalesce(cut.from_ns <= coalesce(ended.at_ns, cut.to_ns) AND s.at_ns <= cut.to_ns, false)
    AS log_cut,
  s.host_name AS host, s.version, s.commit
FROM (
  SELECT * FROM run_started QUALIFY row_number() OVER (PARTITION BY run ORDER BY rowid DESC) = 1
) s
LEFT JOIN ended ON ended.run = s.run
LEFT JOIN withdrawn ON withdrawn.run = s.run
LEFT JOIN labelled ON labelled.run = s.run
LEFT JOIN scored ON scored.run = s.run
CROSS JOIN cut;

CREATE OR REPLACE VIEW finished_requests AS
WITH timed AS (
  SELECT *,
    first_content_at_ns - due_at_ns AS ttft_ns,
    CASE WHEN output_tokens > 1
      THEN (last_content_at_ns - first_content_at_ns) / (output_tokens - 1) END AS tpot_ns
  FROM request_finished
),
judged AS (
  SELECT *,
    outcome = 'OK' AND (ttft_slo_ns IS NULL OR coalesce(ttft_ns <= ttft_slo_ns, false))
      AS attained_ttft,
    outcome = 'OK' AND (tpot_slo_ns IS NULL OR (output_tokens IS NOT NULL
      AND (output_tokens <= 1 OR coalesce(tpot_ns <= tpot_slo_ns, false)))) AS attained_tpot
  FROM timed
)
SELECT
  run, ordinal, phase, pass, epoch, outcome, status, error,
  due_at_ns, sent_at_ns, headers_at_ns, first_chunk_at_ns, first_content_at_ns,
  last_content_at_ns, done_at_ns, at_ns AS end_at_ns,
  (sent_at_ns - due_at_ns) / 1e6 AS queue_ms,
  ttft_ns / 1e6 AS ttft_ms,
  (first_content_at_ns - sent_at_ns) / 1e6 AS ttft_sent_ms,
  (first_chunk_at_ns - sent_at_ns) / 1e6 AS ttft_chunk_ms,
  tpot_ns / 1e6 AS tpot_ms,
  (last_content_at_ns - due_at_ns) / 1e6 AS e2e_ms,
  (last_content_at_ns - sent_at_ns) / 1e6 AS e2e_sent_ms,
  (done_at_ns - due_at_ns) / 1e6 AS e2e_done_ms,
  attained_ttft AND attained_tpot AS attained, attained_ttft, attained_tpot,
  CASE
    WHEN attained_ttft AND attained_tpot THEN NULL
    WHEN outcome <> 'OK' THEN lower(outcome)
    WHEN NOT attained_ttft THEN 'ttft'
    WHEN output_tokens IS NULL THEN 'output tokens unknown'
    ELSE 'tpot'
  END AS miss,
  input_tokens, output_tokens, cached_tokens, cached_by_tier, chunks, finish_reason, output_hash,
  ttft_slo_ns / 1e6 AS ttft_slo_ms, tpot_slo_ns / 1e6 AS tpot_slo_ms, timeout_ns / 1e6 AS timeout_ms,
  text
FROM judged;

CREATE OR REPLACE VIEW requests AS
SELECT
  coalesce(f.run, s.run) AS run, coalesce(f.ordinal, s.ordinal) AS ordinal,
  coalesce(f.phase, s.phase) AS phase, coalesce(f.pass, s.pass) AS pass,
  s.prompt_tokens, s.session, s.turn, s.prefix_group,
  coalesce(f.due_at_ns, s.due_at_ns) AS due_at_ns, coalesce(f.sent_at_ns, s.at_ns) AS sent_at_ns,
  f.* EXCLUDE (run, ordinal, phase, pass, due_at_ns, sent_at_ns)
FROM finished_requests f
FULL JOIN request_sent s ON s.run = f.run AND s.ordinal = f.ordinal;

CREATE OR REPLACE VIEW tokens AS
WITH
  chunk AS (
    SELECT c.run, t.ordinal, t.index, t.at_ns,
      CASE WHEN t.tokens IS NULL THEN 1 WHEN t.tokens >= 0 THEN t.tokens END AS tokens,
      coalesce(t.flags, 1) AS flags, t.read_batch AS known_batch
    FROM token t JOIN run_code c ON c.code = t.run_code
  ),
  spaced AS (
    SELECT *,
      CASE WHEN lag(index) OVER w = index - 1 THEN at_ns - lag(at_ns) OVER w END AS gap_ns
    FROM chunk WINDOW w AS (PARTITION BY run, ordinal ORDER BY index)
  ),
  counted AS (
    SELECT *, count(*) FILTER (WHERE gap_ns <> 0) OVER w AS reads
    FROM spaced WINDOW w AS (PARTITION BY run, ordinal ORDER BY index)
  )
SELECT run, ordinal, index, at_ns, tokens, gap_ns,
  gap_ns / 1e6 AS itl_ms,
  gap_ns / 1e6 / nullif(tokens, 0) AS itl_token_ms,
  (last_value(known_batch - reads IGNORE NULLS) OVER w + reads)::INTEGER AS read_batch,
  CASE flags & 3 WHEN 0 THEN 'WARM_UP' WHEN 1 THEN 'MEASURE' WHEN 2 THEN 'COOL_DOWN' END AS phase,
  flags & 4 = 4 AS reasoning,
  flags
FROM counted WINDOW w AS (PARTITION BY run, ordinal ORDER BY index);

CREATE OR REPLACE VIEW windows AS
SELECT * FROM window_revision
QUALIFY row_number() OVER (PARTITION BY run, seconds, end_second ORDER BY rowid DESC) = 1;

CREATE OR REPLACE VIEW alerts AS
SELECT r.run, r.rule, r.metric, r.value, r.threshold, r.at_ns AS raised_at_ns,
  min(c.at_ns) AS cleared_at_ns
FROM alert_raised r
LEFT JOIN alert_cleared c ON c.run = r.run AND c.rule = r.rule AND c.at_ns >= r.at_ns
GROUP BY ALL;

-- Memory in use, GB (1e9 bytes), summed over the devices of one kind: `gpu`, or `host` for the
-- memory of the server's machine. A metric's name ends in its unit.
CREATE OR REPLACE VIEW memory AS
SELECT run, at_ns, device, sum(gb) AS gb
FROM (
  SELECT run, at_ns, CASE source WHEN 'GPU' THEN 'gpu' ELSE 'host' END AS device,
    value * CASE
      WHEN name ILIKE '%bytes' THEN 1e-9
      WHEN name ILIKE '%gib' THEN 1.073741824
      WHEN name ILIKE '%gb' THEN 1
      ELSE 1.048576e-3 END AS gb
  FROM sample
  WHERE (source = 'GPU' AND (name = 'DCGM_FI_DEV_FB_USED' OR regexp_matches(name, '(^|_)memory_used(_|$)')))
    OR (source = 'SERVER' AND regexp_matches(name, '(^|_)host_memory_used(_|$)'))
)
GROUP BY run, at_ns, device;

-- The runs that statistics count: valid, overloaded and server-failed ones, and where a cell has
-- none, all that ended and were not retracted (`usable` is false for these). `series` is the cell
-- without its load point.
CREATE OR REPLACE VIEW counted_runs AS
SELECT *,
  CASE WHEN ends_with(cell, load_point)
    THEN rtrim(left(cell, length(cell) - length(load_point))) ELSE strategy END AS series,
  verdict IN ('valid', 'overloaded', 'server-failed') AS usable
FROM runs
WHERE verdict IS NOT NULL AND verdict <> 'retracted'
QUALIFY usable OR NOT bool_or(usable) OVER (PARTITION BY experiment, cell);
