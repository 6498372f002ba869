-- title: Whether a long run changes as it goes on
-- meaning: A row for each run and metric, runs that go on included: slope of the windows' values over
-- meaning: time by least squares, and the first window outside the median ± 3 median absolute deviations (times 1.4826).
-- meaning: Percentiles come from the live windows of the given length, which are never averaged;
-- meaning: KV use, evictions, preemptions and memory from the server's and the GPU's samples; memory,
-- meaning: threads and open files of Kvasir's own processes from the client's.
-- none: No counted run has live windows or samples; imported runs have none.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: seconds INTEGER(1|10|60) = 60: length of the windows: 1, 10 or 60
-- column: experiment: experiment
-- column: id: run
-- column: metric: metric
-- column: points: windows or samples
-- column: median (of the metric): median of the values
-- column: slope_per_hour (of the metric an hour): slope
-- column: change (ratio): change over the run by the slope, divided by the median
-- column: first_outside_s (s): start of the first value outside, since the run's start
WITH
  counted AS (
    SELECT run, id, experiment, started_at FROM watched_runs
    WHERE $experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR
  ),
  point AS (
    SELECT run, end_second - seconds AS at, unnest([
      {'metric': 'p99_ttft_ms', 'value': ttft_p99_ns / 1e6},
      {'metric': 'p99_itl_ms', 'value': itl_p99_ns / 1e6}], recursive := true)
    FROM windows SEMI JOIN counted ON counted.run = windows.run
    WHERE seconds = $seconds::BIGINT AND end_second % $seconds::BIGINT = 0
    UNION ALL
    SELECT run, at_ns // 1000000000, device || '_memory_gb', gb
    FROM memory SEMI JOIN counted ON counted.run = memory.run
    UNION ALL
    SELECT run, at_ns // 1000000000, regexp_replace(name, '^.*:', ''), sum(value)
    FROM sample SEMI JOIN counted ON counted.run = sample.run
    WHERE source = 'SERVER'
      AND regexp_matches(name, 'kv_cache_usage_(perc|ratio)$|token_usage$|preemptions_total$|evict(ed_tokens|ions|_count)_total$')
    GROUP BY ALL
    UNION ALL
    SELECT run, at_ns // 1000000000,
      concat(labels['process'], CASE name WHEN 'resident_bytes' THEN '_resident_mb' ELSE '_' || name END),
      CASE name WHEN 'resident_bytes' THEN value / 1e6 ELSE value END
    FROM sample SEMI JOIN counted ON counted.run = sample.run
    WHERE source = 'CLIENT' AND labels['process'] IS NOT NULL
  ),
  placed AS (
    SELECT p.run, p.metric, p.value::DOUBLE AS value,
      (p.at - epoch(c.started_at))::DOUBLE AS at_s
    FROM point p JOIN counted c ON c.run = p.run WHERE p.value IS NOT NULL
  ),
  trend AS (
    SELECT run, metric, count(*) AS points, median(value) AS median, mad(value) AS mad,
      CASE WHEN var_pop(at_s) > 0 THEN regr_slope(value, at_s) END AS slope,
      max(at_s) - min(at_s) AS length
    FROM placed GROUP BY ALL
  )
SELECT c.experiment, c.id, t.metric, t.points, t.median, 3600 * t.slope AS slope_per_hour,
  t.slope * t.length / nullif(t.median, 0) AS change,
  min(p.at_s) FILTER (WHERE abs(p.value - t.median) > 3 * 1.4826 * t.mad) AS first_outside_s
FROM trend t JOIN placed p ON p.run = t.run AND p.metric = t.metric JOIN counted c ON c.run = t.run
GROUP BY ALL ORDER BY c.experiment, c.id, t.metric
