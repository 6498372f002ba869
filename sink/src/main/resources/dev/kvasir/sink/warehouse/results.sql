-- The numbers of every run and scope: kept where a run has come to rest, computed where it has not,
-- but for a run that goes on and has over five million chunks: its numbers so far are its windows.
CREATE OR REPLACE VIEW summaries AS
SELECT * FROM run_summary
UNION ALL
SELECT * FROM summary_of((
  SELECT list(run) FROM (SELECT DISTINCT run FROM run_started) s
  ANTI JOIN run_summary k ON k.run = s.run
  ANTI JOIN (
    SELECT f.run FROM request_finished f
    ANTI JOIN run_summary k ON k.run = f.run
    ANTI JOIN run_finished e ON e.run = f.run
    GROUP BY f.run HAVING sum(f.chunks) > 5000000) large ON large.run = s.run));

-- The runs with what their labels, declared or else derived, say of the campaign.
CREATE OR REPLACE VIEW described_runs AS
SELECT *,
  coalesce(labels['medium'], derived['medium']) AS medium,
  coalesce(labels['connector'], derived['connector']) AS connector,
  TRY_CAST(regexp_extract(coalesce(labels['link_bandwidth_gbps'], labels['bandwidth']),
    '^[0-9.]+') AS DOUBLE) AS bandwidth_gbps,
  labels['arcc'] AS arcc,
  coalesce(labels['traffic_direction'], labels['direction']) AS traffic_direction,
  coalesce(labels['phase_measured'], derived['phase_measured']) AS phase_measured,
  coalesce(labels['cache_state'], derived['cache_state']) AS cache_state
FROM runs;

-- A row for each run and scope.
CREATE OR REPLACE VIEW scoped_results AS
SELECT
  coalesce(q.scope, 'all') AS scope,
  r.run, r.id, r.experiment, r.strategy, r.cell, r.load_point, r.rate, r.concurrency, r.repeat,
  r.seed, r.labels, r.derived, r.parameters, r.scores, r.model, r.engine, r.gpus, r.workload,
  r.ttft_slo_ms, r.tpot_slo_ms, r.slo_target, r.started_at, r.verdict, r.reasons, r.log_cut,
  q.* EXCLUDE (run, scope, as_reported), coalesce(q.as_reported, []) AS as_reported,
  r.format, r.origin_folder, r.origin_file, r.origin_position, r.origin_hash, r.observed,
  r.medium, r.connector, r.bandwidth_gbps, r.arcc, r.traffic_direction, r.phase_measured,
  r.cache_state
FROM described_runs r
LEFT JOIN summaries q ON q.run = r.run;

-- A row for each run, over all its measured requests.
CREATE OR REPLACE VIEW results AS
SELECT * EXCLUDE (scope) FROM scoped_results WHERE scope = 'all';

-- What figures are drawn from: the counted runs with all that can stand on an axis.
CREATE OR REPLACE VIEW figure_runs AS
SELECT r.*, c.series, c.usable, c.load_kind, c.engine_version, c.workload_hash, c.passes,
  c.protocol, c.host, c.planned_requests, c.planned_output_tokens,
  c.rate / nullif(c.gpus, 0) AS rate_per_gpu,
  rounded_to_two(r.mean_input_tokens) AS input_len,
  rounded_to_two(coalesce(r.mean_output_tokens, c.planned_output_tokens)) AS output_len
FROM scoped_results r JOIN counted_runs c ON c.run = r.run;

-- What figures over the time of a run are drawn from: the counted runs, and those that go on.
CREATE OR REPLACE VIEW watched_runs AS
SELECT 'all' AS scope, r.*, coalesce(c.series, r.strategy) AS series,
  coalesce(c.usable, true) AS usable, coalesce(f.n, 0) AS n
FROM described_runs r
LEFT JOIN counted_runs c ON c.run = r.run
LEFT JOIN (
  SELECT run, count(*) AS n FROM request_finished WHERE phase = 'MEASURE' GROUP BY run
) f ON f.run = r.run
WHERE c.run IS NOT NULL OR r.verdict IS NULL;

-- Every number of a run as a row, with whether it was computed from events or another tool reports
-- it.
CREATE OR REPLACE VIEW metric_values AS
SELECT v.run, v.metric, v.value,
  CASE WHEN s.n IS NULL OR list_contains(s.as_reported, 'n') THEN 'reported' ELSE 'computed' END
    AS source
FROM (
  UNPIVOT (
    SELECT run, COLUMNS(* EXCLUDE (run, scope, as_reported))::DOUBLE
    FROM summaries WHERE scope = 'all')
  ON COLUMNS(* EXCLUDE (run)) INTO NAME metric VALUE value
) v
JOIN summaries s ON s.run = v.run AND s.scope = 'all';
