-- title: How much the repeats of each cell differ
-- meaning: A row for each cell: mean, population standard deviation, 95 % interval and coefficient
-- meaning: of variation (standard deviation divided by mean) of one metric over the repeats, which
-- meaning: are the unit. `flag` is set below 3 repeats and where the coefficient exceeds 10 %.
-- none: No counted run has this metric.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: metric TEXT = p99_ttft_bound_ms: a number of `results`; an imported file's own where there are no requests
-- column: experiment: experiment
-- column: cell: cell
-- column: repeats: runs counted
-- column: mean (of the metric): mean over the repeats
-- column: std (of the metric): population standard deviation
-- column: low (of the metric): lower end of the 95 % interval of the mean
-- column: high (of the metric): upper end
-- column: variation (ratio): std divided by mean
-- column: flag: why the cell needs more repeats; NULL if it does not
WITH
  value AS (
    SELECT run, value FROM metric_values WHERE metric = $metric::VARCHAR
  ),
  cell AS (
    SELECT c.experiment, c.cell, min(c.rate) AS rate, min(c.concurrency) AS concurrency,
      interval95(list(v.value)) AS i
    FROM counted_runs c JOIN value v ON v.run = c.run
    WHERE $experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR
    GROUP BY c.experiment, c.cell
  )
SELECT experiment, cell, i.n AS repeats, i.mean AS mean, i.std AS std, i.low AS low, i.high AS high,
  i.std / nullif(i.mean, 0) AS variation,
  CASE WHEN i.n < 3 THEN 'fewer than 3 repeats'
    WHEN i.std / nullif(i.mean, 0) > 0.1 THEN 'varies by more than 10 %' END AS flag
FROM cell ORDER BY experiment, rate NULLS LAST, concurrency NULLS LAST, cell
