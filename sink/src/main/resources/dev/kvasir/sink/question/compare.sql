-- title: Strategies of one experiment beside each other
-- meaning: A row for each load point and strategy: means over the repeats, which are the unit, and
-- meaning: the population standard deviation between them, NULL for one repeat. `ttft_ratio` and `throughput_ratio`
-- meaning: divide the baseline strategy's mean p99 TTFT, and the strategy's mean output tokens per
-- meaning: second, by the other's: above 1 is better than the baseline. Counted are valid,
-- meaning: overloaded and server-failed runs; `left_out` is the number of the others.
-- parameter: experiment VARCHAR: the experiment
-- parameter: baseline VARCHAR = NULL: strategy to compare with; the alphabetically first if absent
WITH
  run AS (
    SELECT *, verdict IN ('valid', 'overloaded', 'server-failed') AS usable
    FROM results WHERE experiment = $experiment::VARCHAR AND verdict IS NOT NULL
  ),
  strategy AS (
    SELECT load_point, strategy,
      min(rate) AS rate, min(concurrency) AS concurrency,
      count(*) FILTER (WHERE usable) AS repeats, count(*) FILTER (WHERE NOT usable) AS left_out,
      sum(n) FILTER (WHERE usable)::BIGINT AS n, sum(failed) FILTER (WHERE usable)::BIGINT AS failed,
      avg(median_ttft_ms) FILTER (WHERE usable) AS median_ttft_ms,
      avg(p99_ttft_ms) FILTER (WHERE usable) AS p99_ttft_ms,
      CASE WHEN repeats > 1 THEN stddev_pop(p99_ttft_ms) FILTER (WHERE usable) END AS std_p99_ttft_ms,
      bool_or(p99_ttft_censored) FILTER (WHERE usable) AS p99_ttft_censored,
      avg(median_itl_ms) FILTER (WHERE usable) AS median_itl_ms,
      avg(p99_itl_ms) FILTER (WHERE usable) AS p99_itl_ms,
      avg(median_tpot_ms) FILTER (WHERE usable) AS median_tpot_ms,
      avg(p99_tpot_ms) FILTER (WHERE usable) AS p99_tpot_ms,
      avg(output_throughput) FILTER (WHERE usable) AS output_throughput,
      CASE WHEN repeats > 1 THEN stddev_pop(output_throughput) FILTER (WHERE usable) END AS std_output_throughput,
      avg(attainment) FILTER (WHERE usable) AS attainment,
      avg(request_goodput) FILTER (WHERE usable) AS request_goodput
    FROM run GROUP BY load_point, strategy
  ),
  baseline AS (
    SELECT load_point, p99_ttft_ms, output_throughput FROM strategy
    WHERE strategy = coalesce($baseline::VARCHAR, (SELECT min(strategy) FROM run))
  )
SELECT
  s.load_point, s.strategy, s.repeats, s.left_out, s.n, s.failed,
  s.median_ttft_ms, s.p99_ttft_ms, s.std_p99_ttft_ms, s.p99_ttft_censored,
  s.median_itl_ms, s.p99_itl_ms, s.median_tpot_ms, s.p99_tpot_ms,
  s.output_throughput, s.std_output_throughput, s.attainment, s.request_goodput,
  b.p99_ttft_ms / nullif(s.p99_ttft_ms, 0) AS ttft_ratio,
  s.output_throughput / nullif(b.output_throughput, 0) AS throughput_ratio
FROM strategy s LEFT JOIN baseline b ON b.load_point = s.load_point
ORDER BY s.rate NULLS LAST, s.concurrency NULLS LAST, s.load_point, s.strategy
