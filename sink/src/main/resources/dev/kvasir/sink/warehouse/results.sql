-- The numbers of every run and scope: kept where a run has come to rest, computed where it has not.
CREATE OR REPLACE VIEW summaries AS
SELECT * FROM run_summary
UNION ALL
SELECT * FROM summary_of((
  SELECT list(run) FROM (SELECT DISTINCT run FROM run_started) s
  ANTI JOIN run_summary k ON k.run = s.run));

-- A row for each run, over all its measured requests.
CREATE OR REPLACE VIEW results AS
SELECT
  r.run, r.id, r.experiment, r.strategy, r.cell, r.load_point, r.rate, r.concurrency, r.repeat,
  r.seed, r.labels, r.derived, r.parameters, r.scores, r.model, r.engine, r.gpus, r.workload,
  r.ttft_slo_ms, r.tpot_slo_ms, r.slo_target, r.started_at, r.verdict, r.reasons, r.log_cut,
  q.* EXCLUDE (run, scope)
FROM runs r
LEFT JOIN summaries q ON q.run = r.run AND q.scope = 'all';

-- Every number of a run as a row: computed ones under their name in `results`, and those that an
-- imported file reports and nothing computes.
CREATE OR REPLACE VIEW metric_values AS
WITH
  computed AS (
    UNPIVOT (
      SELECT run, COLUMNS(* EXCLUDE (run, scope))::DOUBLE FROM summaries WHERE scope = 'all')
    ON COLUMNS(* EXCLUDE (run)) INTO NAME metric VALUE value
  ),
  reported AS (
    SELECT run, metric, value FROM result_reported
    QUALIFY row_number() OVER (PARTITION BY run, metric ORDER BY rowid DESC) = 1
  )
SELECT run, metric, value, 'computed' AS source FROM computed
UNION ALL
SELECT r.run, r.metric, r.value, 'reported' FROM reported r
ANTI JOIN computed c ON c.run = r.run AND c.metric = r.metric;
