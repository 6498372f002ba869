-- title: Memory over the time of a run
-- meaning: A row for each run and interval: the most memory in use on its GPUs together, the most host
-- meaning: memory that holds KV (LMCache's, or a tier's of the simulator), and the largest share of the
-- meaning: KV cache in use, as the samples say. A run without such samples has no row.
-- none: No counted run has samples of GPU memory, host KV memory or KV use; a plan names their sources.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: run TEXT = NULL: id of one run
-- parameter: seconds POSITIVE = 10: length of an interval
-- column: experiment: experiment
-- column: strategy: strategy
-- column: id: run
-- column: at_s (s): start of the interval, since the run's start
-- column: gpu_gb (GB): most memory in use on the GPUs
-- column: host_gb (GB): most host memory that holds KV
-- column: kv_share (0 to 1): largest share of the KV cache in use
WITH
  counted AS (
    SELECT run, id, experiment, strategy, epoch_ns(started_at) AS start_ns FROM counted_runs
    WHERE ($experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR)
      AND ($run::VARCHAR IS NULL OR id = $run::VARCHAR)
  ),
  point AS (
    SELECT run, at_ns, gb AS gpu, NULL AS host, NULL AS kv FROM memory WHERE device = 'gpu'
    UNION ALL
    SELECT run, at_ns, NULL, gb, NULL FROM memory WHERE device = 'host'
    UNION ALL
    SELECT run, at_ns, NULL, NULL, value FROM sample
    WHERE source = 'SERVER' AND name IN ('vllm:kv_cache_usage_perc', 'sglang:token_usage', 'llamacpp:kv_cache_usage_ratio')
  )
SELECT c.experiment, c.strategy, c.id,
  floor((p.at_ns - c.start_ns) / 1e9 / $seconds::DOUBLE) * $seconds::DOUBLE AS at_s,
  max(gpu) AS gpu_gb, max(host) AS host_gb, max(kv)::DOUBLE AS kv_share
FROM point p JOIN counted c ON c.run = p.run
GROUP BY ALL ORDER BY c.experiment, c.strategy, c.id, at_s
