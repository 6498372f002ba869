-- title: Throughput by requests in flight
-- meaning: A row for each strategy, its varied parameters and closed-loop concurrency (for open
-- meaning: loops, the peak of requests in flight stands beside the rate): means over the repeats
-- meaning: and 95 % interval of the output throughput. Failures add nothing to a throughput.
-- none: No run is counted.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: series: strategy and its varied parameters
-- column: load_point: load point
-- column: concurrency (requests): requests in flight: as asked for, else the mean of the runs' peaks
-- column: repeats: runs counted
-- column: requests_per_s (requests/s): completed requests
-- column: output_tokens_per_s (tokens/s): output tokens
-- column: low (tokens/s): lower end of its 95 % interval
-- column: high (tokens/s): upper end
-- column: total_tokens_per_s (tokens/s): prompt and output tokens
-- column: mean_e2e_ms (ms): mean time to the last token, failures at least at their limit
-- column: failure_ratio (0 to 1): requests that failed
WITH point AS (
  SELECT c.experiment, c.series, c.load_point, min(c.rate) AS rate,
    coalesce(min(c.concurrency), avg(r.max_concurrent_requests)) AS concurrency, count(*) AS repeats,
    avg(r.request_throughput) AS requests_per_s,
    interval95(list(r.output_throughput) FILTER (WHERE r.output_throughput IS NOT NULL)) AS output,
    avg(r.total_token_throughput) AS total_tokens_per_s, avg(r.mean_e2el_bound_ms) AS mean_e2e_ms,
    avg(r.failure_ratio) AS failure_ratio
  FROM counted_runs c JOIN results r ON r.run = c.run
  WHERE $experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR
  GROUP BY c.experiment, c.series, c.load_point
)
SELECT experiment, series, load_point, concurrency, repeats, requests_per_s,
  output.mean AS output_tokens_per_s, output.low AS low, output.high AS high, total_tokens_per_s,
  mean_e2e_ms, failure_ratio
FROM point ORDER BY experiment, series, rate NULLS LAST, concurrency, load_point
