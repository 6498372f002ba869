-- What people query. Every definition is that of dev.kvasir.metric; durations are milliseconds.

-- Which figure of another tool is which column of `results`; `factor` turns its unit into ours.
CREATE OR REPLACE VIEW metric_names AS
WITH
  same AS (
    SELECT unnest(['completed', 'failed', 'duration', 'total_input_tokens', 'total_output_tokens',
      'request_throughput', 'request_goodput', 'output_throughput', 'total_token_throughput',
      'max_concurrent_requests',
      'mean_ttft_ms', 'median_ttft_ms', 'std_ttft_ms', 'p90_ttft_ms', 'p99_ttft_ms',
      'mean_tpot_ms', 'median_tpot_ms', 'std_tpot_ms', 'p90_tpot_ms', 'p99_tpot_ms',
      'mean_itl_ms', 'median_itl_ms', 'std_itl_ms', 'p90_itl_ms', 'p99_itl_ms',
      'mean_e2el_ms', 'median_e2el_ms', 'std_e2el_ms', 'p90_e2el_ms', 'p99_e2el_ms']) AS name
  ),
  latency(tool, theirs, ours, factor) AS (VALUES
    ('guidellm', 'time_to_first_token_ms.successful', 'ttft_ms', 1),
    ('guidellm', 'inter_token_latency_ms.successful', 'tpot_ms', 1),
    ('guidellm', 'request_latency.successful', 'e2el_ms', 1000),
    ('aiperf', 'time_to_first_token', 'ttft_ms', 1),
    ('aiperf', 'inter_token_latency', 'tpot_ms', 1),
    ('aiperf', 'inter_chunk_latency', 'itl_ms', 1),
    ('aiperf', 'request_latency', 'e2el_ms', 1)
  ),
  statistic(tool, theirs, ours) AS (VALUES
    ('guidellm', 'mean', 'mean'), ('guidellm', 'median', 'median'), ('guidellm', 'std_dev', 'std'),
    ('guidellm', 'p90', 'p90'), ('guidellm', 'p99', 'p99'),
    ('aiperf', 'avg', 'mean'), ('aiperf', 'p50', 'median'), ('aiperf', 'std', 'std'),
    ('aiperf', 'p90', 'p90'), ('aiperf', 'p99', 'p99')
  )
SELECT tool, name AS metric, name AS result, 1.0::DOUBLE AS factor
FROM same CROSS JOIN (VALUES ('vllm'), ('sglang')) AS t(tool)
UNION ALL
SELECT l.tool, l.theirs || '.' || s.theirs, s.ours || '_' || l.ours, l.factor
FROM latency l JOIN statistic s ON s.tool = l.tool
UNION ALL
FROM (VALUES
  ('vllm', 'num_prompts', 'n', 1.0),
  ('sglang', 'total_throughput', 'total_token_throughput', 1.0),
  ('sglang', 'mean_e2e_latency_ms', 'mean_e2el_ms', 1.0),
  ('sglang', 'median_e2e_latency_ms', 'median_e2el_ms', 1.0),
  ('sglang', 'std_e2e_latency_ms', 'std_e2el_ms', 1.0),
  ('sglang', 'p90_e2e_latency_ms', 'p90_e2el_ms', 1.0),
  ('sglang', 'p99_e2e_latency_ms', 'p99_e2el_ms', 1.0),
  ('guidellm', 'duration', 'duration', 1.0),
  ('guidellm', 'request_totals.total', 'n', 1.0),
  ('guidellm', 'request_totals.successful', 'completed', 1.0),
  ('guidellm', 'requests_per_second.successful.mean', 'request_throughput', 1.0),
  ('guidellm', 'output_tokens_per_second.successful.mean', 'output_throughput', 1.0),
  ('guidellm', 'tokens_per_second.successful.mean', 'total_token_throughput', 1.0),
  ('guidellm', 'prompt_token_count.successful.total_sum', 'total_input_tokens', 1.0),
  ('guidellm', 'output_token_count.successful.total_sum', 'total_output_tokens', 1.0),
  ('aiperf', 'request_count.avg', 'completed', 1.0),
  ('aiperf', 'request_throughput.avg', 'request_throughput', 1.0),
  ('aiperf', 'goodput.avg', 'request_goodput', 1.0),
  ('aiperf', 'output_token_throughput.avg', 'output_throughput', 1.0),
  ('aiperf', 'total_token_throughput.avg', 'total_token_throughput', 1.0),
  ('quantisation-report', 'avg_ttft_ms', 'mean_ttft_ms', 1.0),
  ('quantisation-report', 'avg_latency_ms', 'mean_e2el_ms', 1.0),
  ('quantisation-report', 'throughput_req_per_sec', 'request_throughput', 1.0));

-- What tools report, under our names. A latency of 0 is how vLLM writes that there was none.
CREATE OR REPLACE VIEW reported AS
SELECT r.run, n.result,
  CASE WHEN ends_with(n.result, '_ms') THEN nullif(r.value * n.factor, 0)
    ELSE r.value * n.factor END AS value,
  r.metric, r.value AS reported_value, r.unit, r.definition
FROM result_reported r
JOIN metric_names n ON n.tool = split_part(r.definition, ':', 1) AND n.metric = r.metric;

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
  origin AS (
    SELECT * FROM run_imported
    QUALIFY row_number() OVER (PARTITION BY run ORDER BY rowid DESC) = 1
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
  s.host_name AS host, s.version, s.commit,
  coalesce(ended.observed, MAP {}) AS observed,
  origin.format, origin.metadata['folder'] AS origin_folder, origin.file AS origin_file,
  origin.position AS origin_position, origin.hash AS origin_hash,
  coalesce(origin.metadata, MAP {}) AS origin_metadata,
  make_timestamp_ns(origin.at_ns) AS imported_at
FROM (
  SELECT * FROM run_started QUALIFY row_number() OVER (PARTITION BY run ORDER BY rowid DESC) = 1
) s
LEFT JOIN ended ON ended.run = s.run
LEFT JOIN withdrawn ON withdrawn.run = s.run
LEFT JOIN labelled ON labelled.run = s.run
LEFT JOIN scored ON scored.run = s.run
LEFT JOIN origin ON origin.run = s.run
CROSS JOIN cut;

-- Requests that a generator took over from another: what lower lease epochs say of them does not
-- count. `sent_epoch` is NULL for one that was not sent again.
CREATE OR REPLACE VIEW taken_over AS
SELECT run, ordinal, max(epoch) AS epoch, max(epoch) FILTER (WHERE again) AS sent_epoch
FROM (
  SELECT run, ordinal, epoch, true AS again FROM request_sent WHERE epoch > 1
  UNION ALL
  SELECT run, ordinal, epoch, false FROM request_finished WHERE epoch > 1
)
GROUP BY run, ordinal;

CREATE OR REPLACE VIEW finished_requests AS
WITH timed AS (
  SELECT f.*, r.ttft_seconds * 1e3 AS reported_ttft_ms,
    r.run IS NOT NULL AND r.queue_seconds IS NULL AS queue_is_unknown,
    first_content_at_ns - due_at_ns AS ttft_ns,
    CASE WHEN output_tokens > 1
      THEN (last_content_at_ns - first_content_at_ns) / (output_tokens - 1) END AS tpot_ns
  FROM request_finished f
  LEFT JOIN request_reported r ON r.run = f.run AND r.ordinal = f.ordinal
  ANTI JOIN taken_over k ON k.run = f.run AND k.ordinal = f.ordinal AND k.epoch > f.epoch
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
  CASE WHEN NOT queue_is_unknown THEN (sent_at_ns - due_at_ns) / 1e6 END AS queue_ms,
  coalesce(reported_ttft_ms + (sent_at_ns - due_at_ns) / 1e6, ttft_ns / 1e6) AS ttft_ms,
  coalesce(reported_ttft_ms, (first_content_at_ns - sent_at_ns) / 1e6) AS ttft_sent_ms,
  coalesce(reported_ttft_ms, (first_chunk_at_ns - sent_at_ns) / 1e6) AS ttft_chunk_ms,
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
FULL JOIN (
  SELECT * FROM request_sent s
  ANTI JOIN taken_over k ON k.run = s.run AND k.ordinal = s.ordinal AND k.sent_epoch > s.epoch
) s ON s.run = f.run AND s.ordinal = f.ordinal;

-- A chunk whose time is not stored came its gap after the one before; one whose read has no number
-- stored came with the read before, or with the next one.
CREATE OR REPLACE VIEW tokens AS
WITH
  chunk AS (
    SELECT c.run, t.ordinal, t.index, t.gap_ns, t.at_ns AS known_at_ns,
      CASE WHEN t.tokens IS NULL THEN 1 WHEN t.tokens >= 0 THEN t.tokens END AS tokens,
      coalesce(t.flags, 1) AS flags, t.read_batch AS known_batch
    FROM token t JOIN run_code c ON c.code = t.run_code
    ANTI JOIN taken_over k ON k.run = c.run AND k.ordinal = t.ordinal
      AND k.sent_epoch > (coalesce(t.flags, 1) >> 8)
  ),
  counted AS (
    SELECT *, coalesce(sum(gap_ns) OVER w, 0)::BIGINT AS gone_ns,
      count(*) FILTER (WHERE gap_ns <> 0) OVER w AS reads
    FROM chunk WINDOW w AS (PARTITION BY run, ordinal ORDER BY index)
  )
SELECT run, ordinal, index,
  last_value(known_at_ns - gone_ns IGNORE NULLS) OVER w + gone_ns AS at_ns, tokens, gap_ns,
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

-- Memory in use, GB (1e9 bytes), summed over the devices of one kind: `gpu`, as DCGM names it (MiB),
-- or `host` for host memory that holds KV, as LMCache or a tier of the simulator says (bytes). A
-- GPU's own exporter goes before what the server's page says of it.
CREATE OR REPLACE VIEW memory AS
SELECT run, at_ns, device, sum(gb) AS gb
FROM (
  SELECT run, at_ns, CASE name WHEN 'DCGM_FI_DEV_FB_USED' THEN 'gpu' ELSE 'host' END AS device,
    value * CASE name WHEN 'DCGM_FI_DEV_FB_USED' THEN 1.048576e-3 ELSE 1e-9 END AS gb, source
  FROM sample
  WHERE name IN ('DCGM_FI_DEV_FB_USED', 'lmcache:local_cache_usage')
    OR (name = 'kvasir:tier_used_bytes' AND labels['tier'] = 'cpu')
  QUALIFY source = min(source) OVER (PARTITION BY run, device)
)
GROUP BY run, at_ns, device;

-- The runs that statistics count: valid, overloaded and server-failed ones, and where a cell has
-- none, the others but for retracted ones, aborted ones only where it has nothing else (`usable` is
-- false for these). `series` is the cell without its load point.
CREATE OR REPLACE VIEW counted_runs AS
SELECT *,
  CASE WHEN ends_with(cell, load_point)
    THEN rtrim(left(cell, length(cell) - length(load_point))) ELSE strategy END AS series,
  verdict IN ('valid', 'overloaded', 'server-failed') AS usable
FROM runs
WHERE verdict IS NOT NULL AND verdict <> 'retracted'
WINDOW of_cell AS (PARTITION BY experiment, cell)
QUALIFY usable OR (NOT bool_or(usable) OVER of_cell
  AND (verdict = 'aborted') = bool_and(verdict = 'aborted') OVER of_cell);

-- Every label that anybody ever gave a run, the first ones by its plan or its file; a NULL value
-- takes a label away.
CREATE OR REPLACE VIEW label_history AS
SELECT run, make_timestamp_ns(at_ns) AS said_at, "by", entry.key AS label, entry.value AS value
FROM (
  SELECT run, at_ns, NULL::VARCHAR AS "by", unnest(map_entries(declared)) AS entry FROM run_started
  UNION ALL
  SELECT run, at_ns, "by", unnest(map_entries(labels)) FROM run_labelled
);

-- A label's value in a form that two spellings of one thing share: a medium as the words of its
-- tiers without HBM beside others, anything else in lower case with underscores.
CREATE OR REPLACE MACRO label_form(label, said) AS
  CASE WHEN label = 'medium' THEN
    array_to_string(list_sort(list_filter(
      list_transform(string_split(lower(said), '+'), lambda word: CASE word
        WHEN 'host_dram' THEN 'cpu' WHEN 'local_disk' THEN 'disk' WHEN 'remote_fs' THEN 'fs'
        WHEN 'remote_kv' THEN 'remote' WHEN 'peer_gpu' THEN 'peer' ELSE word END),
      lambda word: word <> 'hbm' OR NOT contains(said, '+'))), '+')
  ELSE regexp_replace(lower(said), '[- ]', '_', 'g') END;

-- What a run was declared to be, what its launch or its file derives, and what its events showed.
CREATE OR REPLACE VIEW labels AS
WITH said AS (
  SELECT run, 'declared' AS kind, unnest(map_entries(labels)) AS entry FROM runs
  UNION ALL
  SELECT run, 'derived', unnest(map_entries(derived)) FROM runs
  UNION ALL
  SELECT run, 'observed', unnest(map_entries(observed)) FROM runs
  UNION ALL
  SELECT run, 'observed', {'key': 'phase_measured', 'value':
    CASE WHEN max(output_tokens) > 1 THEN 'prefill+decode' ELSE 'prefill_only' END}
  FROM request_finished
  WHERE phase = 'MEASURE' AND outcome = 'OK' AND output_tokens IS NOT NULL GROUP BY run
)
SELECT run, entry.key AS label,
  max(entry.value) FILTER (WHERE kind = 'declared') AS declared,
  max(entry.value) FILTER (WHERE kind = 'derived') AS derived,
  max(entry.value) FILTER (WHERE kind = 'observed') AS observed,
  count(DISTINCT label_form(entry.key, entry.value)) FILTER (WHERE entry.value <> 'unknown') > 1
    AS disagrees
FROM said GROUP BY run, entry.key;
