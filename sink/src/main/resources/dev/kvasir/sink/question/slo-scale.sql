-- title: The tightest limits that a target share of requests attains
-- meaning: A row for each strategy and its varied parameters. Both limits are multiplied by scales
-- meaning: from 1.5 down to 0.1; `scale` is where attainment crosses the target as they tighten, by
-- meaning: linear interpolation: smaller is better. NULL with `censored`: left, the target is missed
-- meaning: even at 1.5; right, met even at 0.1.
-- none: No counted open-loop run has measured requests at that rate.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: rate POSITIVE = NULL: the rate to look at; if absent the middle one of each series
-- parameter: ttft_slo MILLISECONDS = NULL: limit of the TTFT, ms; if absent each run's own, else 125
-- parameter: tpot_slo MILLISECONDS = NULL: limit of the TPOT, ms; if absent each run's own, else 200
-- parameter: target SHARE = NULL: share to attain, 0 to 1; if absent each run's own, else 0.9
-- parameter: baseline TEXT = NULL: strategy that the others are compared with
-- column: experiment: experiment
-- column: series: strategy and its varied parameters
-- column: at_rate (requests/s): rate that was looked at
-- column: target (0 to 1): share to attain
-- column: scale (ratio): smallest scale of both limits that meets the target
-- column: censored: left, right or NULL
-- column: scale_ttft (ratio): the same for the TTFT's limit alone
-- column: scale_tpot (ratio): the same for the TPOT's limit alone
-- column: improvement (ratio): the baseline's scale divided by this one
WITH
  counted AS (
    SELECT *, coalesce($target::DOUBLE, slo_target, 0.9) AS target,
      dense_rank() OVER (PARTITION BY experiment, series ORDER BY rate) AS place
    FROM counted_runs
    WHERE rate IS NOT NULL AND NOT isinf(rate) AND load_kind = 'OPEN'
      AND ($experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR)
  ),
  chosen AS (
    SELECT * FROM counted
    QUALIFY CASE WHEN $rate::DOUBLE IS NULL
      THEN place = 1 + max(place) OVER (PARTITION BY experiment, series) // 2
        OR max(place) OVER (PARTITION BY experiment, series) = 1
      ELSE rate = $rate::DOUBLE END
  ),
  scale AS (SELECT -i / 10.0 AS x, i / 10.0 AS scale FROM range(1, 16) steps(i)),
  run AS (
    SELECT c.experiment, c.series, c.rate, c.target, c.run, s.x,
      avg(meets_ttft(f.outcome, f.ttft_ms,
        s.scale * coalesce($ttft_slo::DOUBLE, c.ttft_slo_ms, 125))::INT) AS ttft,
      avg(meets_tpot(f.outcome, f.output_tokens, f.tpot_ms,
        s.scale * coalesce($tpot_slo::DOUBLE, c.tpot_slo_ms, 200))::INT) AS tpot,
      avg((meets_ttft(f.outcome, f.ttft_ms,
          s.scale * coalesce($ttft_slo::DOUBLE, c.ttft_slo_ms, 125))
        AND meets_tpot(f.outcome, f.output_tokens, f.tpot_ms,
          s.scale * coalesce($tpot_slo::DOUBLE, c.tpot_slo_ms, 200)))::INT) AS joint
    FROM chosen c JOIN finished_requests f ON f.run = c.run CROSS JOIN scale s
    WHERE f.phase = 'MEASURE' GROUP BY ALL
  ),
  point AS (
    SELECT experiment, series, rate, target, x, avg(joint) AS joint, avg(ttft) AS ttft,
      avg(tpot) AS tpot
    FROM run GROUP BY ALL
  ),
  curve AS (
    SELECT experiment, series, rate, target,
      crossing(list(x ORDER BY x), list(joint ORDER BY x), target, false) AS joint,
      crossing(list(x ORDER BY x), list(ttft ORDER BY x), target, false) AS ttft,
      crossing(list(x ORDER BY x), list(tpot ORDER BY x), target, false) AS tpot
    FROM point GROUP BY experiment, series, rate, target
  )
SELECT v.experiment, v.series, v.rate AS at_rate, v.target, -v.joint.first AS scale,
  v.joint.censored AS censored, -v.ttft.first AS scale_ttft, -v.tpot.first AS scale_tpot,
  b.joint.first / v.joint.first AS improvement
FROM curve v
LEFT JOIN curve b ON b.experiment = v.experiment AND b.series = $baseline::VARCHAR
  AND b.rate = v.rate
ORDER BY v.experiment, v.series
