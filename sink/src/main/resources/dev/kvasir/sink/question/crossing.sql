-- title: Where a metric crosses a limit as the rate rises
-- meaning: A row for each strategy and its varied parameters. The curve is the mean over repeats at
-- meaning: each finite rate; between neighbouring rates it is a straight line; rate `inf` takes no
-- meaning: part. Where a curve crosses more than once, `first_rate` and `last_rate` differ and
-- meaning: `monotone` is false; from `surely_met` down every point meets the limit, from
-- meaning: `surely_missed` up none does. NULL with `censored`: left, missed at every rate; right,
-- meaning: met at every rate.
-- none: No counted open-loop run has a finite rate and this metric.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: metric TEXT = p99_ttft_bound_ms: a number of `results`; an imported file's own where there are no requests
-- parameter: limit NUMBER = 125: what the metric must not exceed
-- column: experiment: experiment
-- column: series: strategy and its varied parameters
-- column: source: computed from events, or reported by an imported file
-- column: rates: points of the curve
-- column: repeats: fewest repeats of a point
-- column: first_rate (requests/s): first crossing
-- column: last_rate (requests/s): last crossing
-- column: surely_met (requests/s): largest rate up to which every point meets the limit
-- column: surely_missed (requests/s): smallest rate from which no point meets it
-- column: censored: left, right or NULL
-- column: monotone: whether the metric never falls as the rate rises
-- column: left_out: runs that are not counted
WITH
  point AS (
    SELECT c.experiment, c.series, c.rate, avg(m.value) AS y, count(*) AS repeats,
      any_value(m.source) AS source
    FROM counted_runs c
    JOIN (
      SELECT run, value, source FROM metric_values WHERE metric = $metric::VARCHAR
    ) m ON m.run = c.run
    WHERE c.rate IS NOT NULL AND NOT isinf(c.rate) AND c.load_kind = 'OPEN'
      AND ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
    GROUP BY ALL
  ),
  curve AS (
    SELECT experiment, series, any_value(source) AS source, min(repeats) AS repeats,
      crossing(list(rate ORDER BY rate), list(y ORDER BY rate), $limit::DOUBLE, true) AS at
    FROM point GROUP BY ALL
  ),
  left_out AS (
    SELECT experiment, strategy, count(*) AS runs FROM runs r
    ANTI JOIN counted_runs c ON c.run = r.run WHERE verdict IS NOT NULL GROUP BY ALL
  )
SELECT v.experiment, v.series, v.source, v.at.points AS rates, v.repeats,
  v.at.first AS first_rate, v.at.last AS last_rate, v.at.low AS surely_met,
  v.at.high AS surely_missed, v.at.censored AS censored, v.at.monotone AS monotone,
  coalesce(l.runs, 0) AS left_out
FROM curve v
LEFT JOIN left_out l ON l.experiment = v.experiment AND l.strategy = split_part(v.series, ' ', 1)
ORDER BY v.experiment, v.series
