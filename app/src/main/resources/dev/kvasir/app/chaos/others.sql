-- Of each run and kind of event: how many, and the sum of their times.
WITH
  event AS (
    SELECT 'RunStarted' AS kind, run, at_ns FROM run_started
    UNION ALL SELECT 'PhaseStarted', run, at_ns FROM phase_started
    UNION ALL SELECT 'RunFinished', run, at_ns FROM run_finished
    UNION ALL SELECT 'Sampled', run, at_ns FROM sample
    UNION ALL SELECT 'WindowMeasured', run, at_ns FROM window_revision
    UNION ALL SELECT 'AlertRaised', run, at_ns FROM alert_raised
    UNION ALL SELECT 'AlertCleared', run, at_ns FROM alert_cleared
  )
SELECT kind, run, count(*)::BIGINT, sum(at_ns % 1000003)::BIGINT FROM event GROUP BY kind, run
