-- title: The highest rate at which a target share of requests attains its limits
-- meaning: A row for each strategy and its varied parameters, as in DistServe's figures: the rate at
-- meaning: which attainment crosses the target, by linear interpolation over the means of the
-- meaning: repeats, for both limits, the TTFT's and the TPOT's alone. `highest_met` is the highest
-- meaning: rate that was run and met the target. A failed, timed-out or never sent request is a
-- meaning: miss. NULL with `censored`: left, never met; right, met at every rate.
-- none: No counted open-loop run has a finite rate and measured requests.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: ttft_slo MILLISECONDS = NULL: limit of the TTFT, ms; if absent each run's own, else 125
-- parameter: tpot_slo MILLISECONDS = NULL: limit of the TPOT, ms; if absent each run's own, else 200
-- parameter: target SHARE = NULL: share to attain, 0 to 1; if absent each run's own, else 0.9
-- parameter: baseline TEXT = NULL: strategy that the others are divided by
-- column: experiment: experiment
-- column: series: strategy and its varied parameters
-- column: target (0 to 1): share to attain
-- column: rate (requests/s): first crossing of both limits
-- column: last_rate (requests/s): last crossing of both limits
-- column: censored: left, right or NULL
-- column: monotone: whether attainment never rises with the rate
-- column: rate_ttft (requests/s): first crossing of the TTFT's limit alone
-- column: rate_tpot (requests/s): first crossing of the TPOT's limit alone
-- column: highest_met (requests/s): highest rate run that met the target
-- column: rate_per_gpu (requests/s): `rate` divided by the GPUs
-- column: improvement (ratio): `rate` divided by the baseline's
WITH
  counted AS (
    SELECT *, coalesce($target::DOUBLE, slo_target, 0.9) AS target FROM counted_runs
    WHERE rate IS NOT NULL AND NOT isinf(rate) AND load_kind = 'OPEN'
      AND ($experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR)
  ),
  run AS (
    SELECT c.experiment, c.series, c.rate, c.target, c.run, any_value(c.gpus) AS gpus,
      avg((meets_ttft(f.outcome, f.ttft_ms, coalesce($ttft_slo::DOUBLE, c.ttft_slo_ms, 125)))::INT)
        AS ttft,
      avg((meets_tpot(f.outcome, f.output_tokens, f.tpot_ms,
        coalesce($tpot_slo::DOUBLE, c.tpot_slo_ms, 200)))::INT) AS tpot,
      avg((meets_ttft(f.outcome, f.ttft_ms, coalesce($ttft_slo::DOUBLE, c.ttft_slo_ms, 125))
        AND meets_tpot(f.outcome, f.output_tokens, f.tpot_ms,
          coalesce($tpot_slo::DOUBLE, c.tpot_slo_ms, 200)))::INT) AS joint
    FROM counted c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE' GROUP BY ALL
  ),
  point AS (
    SELECT experiment, series, rate, target, any_value(gpus) AS gpus, avg(joint) AS joint,
      avg(ttft) AS ttft, avg(tpot) AS tpot
    FROM run GROUP BY ALL
  ),
  curve AS (
    SELECT experiment, series, target, any_value(gpus) AS gpus,
      crossing(list(rate ORDER BY rate), list(joint ORDER BY rate), target, false) AS joint,
      crossing(list(rate ORDER BY rate), list(ttft ORDER BY rate), target, false) AS ttft,
      crossing(list(rate ORDER BY rate), list(tpot ORDER BY rate), target, false) AS tpot,
      max(rate) FILTER (WHERE joint >= target) AS highest_met
    FROM point GROUP BY experiment, series, target
  )
SELECT v.experiment, v.series, v.target, v.joint.first AS rate, v.joint.last AS last_rate,
  v.joint.censored AS censored, v.joint.monotone AS monotone, v.ttft.first AS rate_ttft,
  v.tpot.first AS rate_tpot, v.highest_met, v.joint.first / v.gpus AS rate_per_gpu,
  v.joint.first / b.joint.first AS improvement
FROM curve v
LEFT JOIN curve b ON b.experiment = v.experiment AND b.target = v.target
  AND b.series = $baseline::VARCHAR
ORDER BY v.experiment, v.series
