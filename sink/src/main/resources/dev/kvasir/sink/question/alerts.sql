-- title: Which alerts were raised
-- meaning: A row for each alert, in the order of time, with when it was raised and cleared since the
-- meaning: run's start; a run of any verdict is shown.
-- none: No alert was raised; a plan names its rules under `alerts`.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: id: run
-- column: rule: rule
-- column: metric: metric that it watches
-- column: value (of the metric): value that raised it
-- column: threshold (of the metric): threshold
-- column: raised_s (s): since the run's start
-- column: cleared_s (s): since the run's start; NULL if it never was
SELECT r.experiment, r.id, a.rule, a.metric, a.value, a.threshold,
  (a.raised_at_ns - epoch_ns(r.started_at)) / 1e9 AS raised_s,
  (a.cleared_at_ns - epoch_ns(r.started_at)) / 1e9 AS cleared_s
FROM alerts a JOIN runs r ON r.run = a.run
WHERE $experiment::VARCHAR IS NULL OR r.experiment = $experiment::VARCHAR
ORDER BY a.raised_at_ns, r.id, a.rule
