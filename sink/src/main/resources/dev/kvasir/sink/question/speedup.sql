-- title: How much better each strategy is than a baseline under the same load
-- meaning: A row for each strategy, load point and varied parameters. A run is divided by the
-- meaning: baseline's run of the same experiment, model, workload, load point, parameters and
-- meaning: repeat (one seed, one schedule): baseline's mean TTFT and p99 TTFT by this one's, and
-- meaning: this one's output tokens per second by the baseline's; above 1 is better. The mean and
-- meaning: the 95 % interval are over these pairs: Student's t below 10, bootstrap from 10 on.
-- none: No counted run pairs with one of the baseline's: same model, workload, load, parameters and seed.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: baseline TEXT: strategy that the others are compared with
-- column: experiment: experiment
-- column: strategy: strategy
-- column: load_point: load point
-- column: parameters: varied parameters
-- column: pairs: pairs of runs
-- column: ttft (ratio): mean TTFT speed-up
-- column: ttft_low (ratio): lower end of its 95 % interval
-- column: ttft_high (ratio): upper end
-- column: p99_ttft (ratio): p99 TTFT speed-up
-- column: p99_ttft_low (ratio): lower end of its 95 % interval
-- column: p99_ttft_high (ratio): upper end
-- column: throughput (ratio): output throughput ratio
-- column: throughput_low (ratio): lower end of its 95 % interval
-- column: throughput_high (ratio): upper end
-- column: few: whether there are fewer than 3 pairs
WITH
  run AS (
    SELECT c.experiment, c.strategy, c.model, c.workload_hash, c.load_point, c.repeat, c.seed,
      c.rate, c.concurrency,
      array_to_string(list_transform(map_entries(c.parameters), lambda e: e.key || '=' || e.value),
        ' ') AS parameters,
      r.mean_ttft_bound_ms, r.p99_ttft_bound_ms, r.output_throughput
    FROM counted_runs c JOIN results r ON r.run = c.run
    WHERE $experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR
  ),
  paired AS (
    SELECT a.experiment, a.strategy, a.load_point, a.parameters, a.rate, a.concurrency,
      b.mean_ttft_bound_ms / nullif(a.mean_ttft_bound_ms, 0) AS ttft,
      b.p99_ttft_bound_ms / nullif(a.p99_ttft_bound_ms, 0) AS p99_ttft,
      a.output_throughput / nullif(b.output_throughput, 0) AS throughput
    FROM run a JOIN run b ON b.strategy = $baseline::VARCHAR
      AND b.experiment = a.experiment AND b.model = a.model AND b.workload_hash = a.workload_hash
      AND b.load_point = a.load_point AND b.parameters = a.parameters AND b.repeat = a.repeat
      AND b.seed = a.seed
    WHERE a.strategy <> $baseline::VARCHAR
  ),
  cell AS (
    SELECT experiment, strategy, load_point, parameters, rate, concurrency, count(*) AS pairs,
      interval95(list(ttft) FILTER (WHERE ttft IS NOT NULL)) AS ttft,
      interval95(list(p99_ttft) FILTER (WHERE p99_ttft IS NOT NULL)) AS p99_ttft,
      interval95(list(throughput) FILTER (WHERE throughput IS NOT NULL)) AS throughput
    FROM paired GROUP BY ALL
  )
SELECT experiment, strategy, load_point, parameters, pairs,
  ttft.mean AS ttft, ttft.low AS ttft_low, ttft.high AS ttft_high,
  p99_ttft.mean AS p99_ttft, p99_ttft.low AS p99_ttft_low, p99_ttft.high AS p99_ttft_high,
  throughput.mean AS throughput, throughput.low AS throughput_low,
  throughput.high AS throughput_high, pairs < 3 AS few
FROM cell
ORDER BY experiment, rate NULLS LAST, concurrency NULLS LAST, load_point, parameters, strategy
