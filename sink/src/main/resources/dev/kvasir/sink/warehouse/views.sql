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
  s.workload_output_tokens AS planned_output_tokens, s.planned_requests, s.warm_up_requests,
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

CREATE OR REPLACE VIEW results AS
WITH
  measured AS (
    SELECT *, outcome = 'OK' AS ok,
      CASE WHEN ttft_ms IS NULL THEN timeout_ms + coalesce(queue_ms, 0) END AS waited_ms
    FROM finished_requests WHERE phase = 'MEASURE'
  ),
  span AS (
    SELECT run, min(due_at_ns) AS first_due_ns, max(due_at_ns) AS last_due_ns,
      min(sent_at_ns) AS first_sent_ns,
      max(end_at_ns) FILTER (WHERE sent_at_ns IS NOT NULL) AS last_end_ns,
      min(waited_ms) AS least_wait_ms
    FROM measured GROUP BY run
  ),
  request AS (
    SELECT m.run,
      count(*) AS n,
      count(*) FILTER (WHERE ok) AS completed,
      count(*) FILTER (WHERE attained) AS attained_requests,
      count(*) FILTER (WHERE attained_ttft) AS attained_ttft_requests,
      count(*) FILTER (WHERE attained_tpot) AS attained_tpot_requests,
      any_value((last_end_ns - first_sent_ns) / 1e9) AS duration,
      any_value((last_due_ns - first_due_ns) / 1e9) AS due_duration,
      sum(input_tokens) FILTER (WHERE ok)::BIGINT AS total_input_tokens,
      sum(output_tokens) FILTER (WHERE ok)::BIGINT AS total_output_tokens,
      sum(cached_tokens) FILTER (WHERE ok)::BIGINT AS total_cached_tokens,
      count(*) FILTER (WHERE ok AND output_tokens IS NULL) AS unknown_output_tokens,
      count(*) FILTER (WHERE ok AND end_at_ns BETWEEN first_due_ns AND last_due_ns)
        AS steady_completed,
      sum(input_tokens) FILTER (WHERE ok AND end_at_ns BETWEEN first_due_ns AND last_due_ns)::BIGINT
        AS steady_input_tokens,
      sum(output_tokens) FILTER (WHERE ok AND end_at_ns BETWEEN first_due_ns AND last_due_ns)::BIGINT
        AS steady_output_tokens,
      avg(ttft_ms) FILTER (WHERE ok) AS mean_ttft_ms,
      stddev_pop(ttft_ms) FILTER (WHERE ok) AS std_ttft_ms,
      quantile_cont(ttft_ms, [0.5, 0.9, 0.99]) FILTER (WHERE ok) AS ttft,
      avg(ttft_sent_ms) FILTER (WHERE ok) AS mean_ttft_sent_ms,
      stddev_pop(ttft_sent_ms) FILTER (WHERE ok) AS std_ttft_sent_ms,
      quantile_cont(ttft_sent_ms, [0.5, 0.9, 0.99]) FILTER (WHERE ok) AS ttft_sent,
      avg(tpot_ms) FILTER (WHERE ok) AS mean_tpot_ms,
      stddev_pop(tpot_ms) FILTER (WHERE ok) AS std_tpot_ms,
      quantile_cont(tpot_ms, [0.5, 0.9, 0.99]) FILTER (WHERE ok) AS tpot,
      avg(e2e_ms) FILTER (WHERE ok) AS mean_e2el_ms,
      stddev_pop(e2e_ms) FILTER (WHERE ok) AS std_e2el_ms,
      quantile_cont(e2e_ms, [0.5, 0.9, 0.99]) FILTER (WHERE ok) AS e2el,
      quantile_cont(coalesce(ttft_ms, waited_ms), [0.5, 0.9, 0.99]) AS ttft_bound,
      count(*) FILTER (WHERE coalesce(ttft_ms, waited_ms) >= least_wait_ms) AS long_waits,
      quantile_cont(queue_ms, 0.99) AS p99_queue_ms
    FROM measured m JOIN span ON span.run = m.run
    GROUP BY m.run
  ),
  gap AS (
    SELECT t.run, avg(itl_ms) AS mean_itl_ms, stddev_pop(itl_ms) AS std_itl_ms,
      quantile_cont(itl_ms, [0.5, 0.9, 0.99]) AS itl
    FROM tokens t JOIN measured m ON m.run = t.run AND m.ordinal = t.ordinal
    WHERE m.ok AND itl_ms IS NOT NULL
    GROUP BY t.run
  ),
  flight AS (
    SELECT run, sum(step) OVER (PARTITION BY run ORDER BY at_ns, step
      ROWS UNBOUNDED PRECEDING) AS in_flight
    FROM (
      SELECT run, sent_at_ns AS at_ns, 1 AS step FROM measured WHERE sent_at_ns IS NOT NULL
      UNION ALL
      SELECT run, end_at_ns, -1 FROM measured WHERE sent_at_ns IS NOT NULL
    )
  ),
  peak AS (SELECT run, max(in_flight)::BIGINT AS max_concurrent_requests FROM flight GROUP BY run)
SELECT
  r.run, r.id, r.experiment, r.strategy, r.cell, r.load_point, r.rate, r.concurrency, r.repeat,
  r.seed, r.labels, r.derived, r.parameters, r.scores, r.model, r.engine, r.gpus, r.workload,
  r.ttft_slo_ms, r.tpot_slo_ms, r.slo_target, r.started_at, r.verdict, r.reasons, r.log_cut,
  q.n, q.completed, q.n - q.completed AS failed, q.duration,
  q.total_input_tokens, q.total_output_tokens, q.total_cached_tokens, q.unknown_output_tokens,
  q.completed / nullif(q.duration, 0) AS request_throughput,
  q.total_output_tokens / nullif(q.duration, 0) AS output_throughput,
  (q.total_input_tokens + q.total_output_tokens) / nullif(q.duration, 0) AS total_token_throughput,
  q.attained_requests / nullif(q.duration, 0) AS request_goodput,
  q.due_duration AS steady_duration,
  q.steady_completed / nullif(q.due_duration, 0) AS steady_request_throughput,
  q.steady_output_tokens / nullif(q.due_duration, 0) AS steady_output_throughput,
  (q.steady_input_tokens + q.steady_output_tokens) / nullif(q.due_duration, 0)
    AS steady_total_token_throughput,
  q.attained_requests / q.n AS attainment,
  q.attained_ttft_requests / q.n AS attainment_ttft,
  q.attained_tpot_requests / q.n AS attainment_tpot,
  q.mean_ttft_ms, q.ttft[1] AS median_ttft_ms, q.std_ttft_ms,
  q.ttft[2] AS p90_ttft_ms, q.ttft[3] AS p99_ttft_ms,
  q.mean_ttft_sent_ms, q.ttft_sent[1] AS median_ttft_sent_ms, q.std_ttft_sent_ms,
  q.ttft_sent[2] AS p90_ttft_sent_ms, q.ttft_sent[3] AS p99_ttft_sent_ms,
  q.mean_tpot_ms, q.tpot[1] AS median_tpot_ms, q.std_tpot_ms,
  q.tpot[2] AS p90_tpot_ms, q.tpot[3] AS p99_tpot_ms,
  gap.mean_itl_ms, gap.itl[1] AS median_itl_ms, gap.std_itl_ms,
  gap.itl[2] AS p90_itl_ms, gap.itl[3] AS p99_itl_ms,
  q.mean_e2el_ms, q.e2el[1] AS median_e2el_ms, q.std_e2el_ms,
  q.e2el[2] AS p90_e2el_ms, q.e2el[3] AS p99_e2el_ms,
  q.ttft_bound[1] AS median_ttft_bound_ms, q.ttft_bound[2] AS p90_ttft_bound_ms,
  q.ttft_bound[3] AS p99_ttft_bound_ms,
  q.long_waits >= q.n - ceil(0.5::DOUBLE * (q.n - 1)) AS median_ttft_censored,
  q.long_waits >= q.n - ceil(0.9::DOUBLE * (q.n - 1)) AS p90_ttft_censored,
  q.long_waits >= q.n - ceil(0.99::DOUBLE * (q.n - 1)) AS p99_ttft_censored,
  peak.max_concurrent_requests, q.p99_queue_ms
FROM runs r
LEFT JOIN request q ON q.run = r.run
LEFT JOIN gap ON gap.run = r.run
LEFT JOIN peak ON peak.run = r.run;
