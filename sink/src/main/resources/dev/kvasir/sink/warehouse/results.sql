-- The numbers of every run and scope: kept where a run has come to rest, computed where it has not.
CREATE OR REPLACE VIEW summaries AS
SELECT * FROM run_summary
UNION ALL
SELECT * FROM summary_of((
  SELECT list(run) FROM (SELECT DISTINCT run FROM run_started) s
  ANTI JOIN run_summary k ON k.run = s.run));

-- A row for each run and scope.
CREATE OR REPLACE VIEW scoped_results AS
SELECT
  coalesce(q.scope, 'all') AS scope,
  r.run, r.id, r.experiment, r.strategy, r.cell, r.load_point, r.rate, r.concurrency, r.repeat,
  r.seed, r.labels, r.derived, r.parameters, r.scores, r.model, r.engine, r.gpus, r.workload,
  r.ttft_slo_ms, r.tpot_slo_ms, r.slo_target, r.started_at, r.verdict, r.reasons, r.log_cut,
  q.* EXCLUDE (run, scope, as_reported), coalesce(q.as_reported, []) AS as_reported,
  r.format, r.origin_folder, r.origin_file, r.origin_position, r.origin_hash, r.observed,
  coalesce(r.labels['medium'], r.derived['medium']) AS medium,
  coalesce(r.labels['connector'], r.derived['connector']) AS connector,
  TRY_CAST(regexp_extract(coalesce(r.labels['link_bandwidth_gbps'], r.labels['bandwidth']),
    '^[0-9.]+') AS DOUBLE) AS bandwidth_gbps,
  r.labels['arcc'] AS arcc,
  coalesce(r.labels['traffic_direction'], r.labels['direction']) AS traffic_direction,
  coalesce(r.labels['phase_measured'], r.derived['phase_measured']) AS phase_measured,
  coalesce(r.labels['cache_state'], r.derived['cache_state']) AS cache_state
FROM runs r
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
