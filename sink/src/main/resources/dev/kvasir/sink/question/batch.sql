-- title: How throughput scales with the batch
-- meaning: A row for each strategy and value of a varied parameter that sets the batch
-- meaning: (max-num-seqs, a burst, a batch size), or the closed loop's concurrency where the runs
-- meaning: have no such parameter: means over the repeats. `scaling` divides the throughput by that
-- meaning: at the smallest batch, `efficiency` divides it by the growth of the batch: 1 is linear.
-- none: No counted run has a closed loop's concurrency, or the parameter that `--parameter` names.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: parameter TEXT = NULL: name of the parameter; if absent the concurrency
-- column: experiment: experiment
-- column: strategy: strategy
-- column: load_point: load point; NULL where the batch is the concurrency
-- column: batch: value of the parameter
-- column: repeats: runs counted
-- column: output_tokens_per_s (tokens/s): output throughput
-- column: scaling (ratio): throughput divided by that of the smallest batch
-- column: efficiency (ratio): scaling divided by the growth of the batch
-- column: mean_e2e_ms (ms): mean time to the last token, failures at least at their limit
WITH cell AS (
  SELECT c.experiment, c.strategy,
    CASE WHEN $parameter::VARCHAR IS NOT NULL THEN c.load_point END AS load_point,
    CASE WHEN $parameter::VARCHAR IS NULL THEN c.concurrency::DOUBLE
      ELSE try_cast(c.parameters[$parameter::VARCHAR] AS DOUBLE) END AS batch,
    count(*) AS repeats, avg(r.output_throughput) AS output_tokens_per_s,
    avg(r.mean_e2el_bound_ms) AS mean_e2e_ms
  FROM counted_runs c JOIN results r ON r.run = c.run
  WHERE $experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR
  GROUP BY ALL
)
SELECT experiment, strategy, load_point, batch, repeats, output_tokens_per_s,
  output_tokens_per_s / first_value(output_tokens_per_s) OVER w AS scaling,
  output_tokens_per_s / first_value(output_tokens_per_s) OVER w
    / (batch / first_value(batch) OVER w) AS efficiency, mean_e2e_ms
FROM cell WHERE batch IS NOT NULL
WINDOW w AS (PARTITION BY experiment, strategy, load_point ORDER BY batch)
ORDER BY experiment, load_point, strategy, batch
