-- title: What happened at the server when the slowest requests waited
-- meaning: A row for each strategy and kind of event: of the slowest 1 % of TTFTs (at least one
-- meaning: request a run), and of the others, the share that waited while, or within 1 s of when,
-- meaning: the server preempted, stored or loaded KV in a burst (over twice its mean), had over
-- meaning: 90 % of its KV in use, or moved over PCIe at least 80 % of what the run's busiest second
-- meaning: did. `lift` divides the two.
-- meaning: No row: the run has no such samples, and the question cannot be answered for it.
-- none: No counted run has samples of preemptions, KV transfers, KV use or PCIe.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: strategy: strategy
-- column: event: what the samples show
-- column: slowest: requests among the slowest 1 %
-- column: slowest_share (0 to 1): of these, met by the event
-- column: others_share (0 to 1): of the other requests
-- column: lift (ratio): the first divided by the second
WITH
  counted AS (
    SELECT run, experiment, strategy FROM counted_runs
    WHERE $experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR
  ),
  series AS (
    SELECT s.run, s.at_ns, s.source, s.name, s.labels, s.value,
      s.value - lag(s.value) OVER (PARTITION BY s.run, s.name, s.labels ORDER BY s.at_ns) AS growth
    FROM sample s SEMI JOIN counted c ON c.run = s.run
  ),
  kind AS (
    SELECT run, at_ns, CASE
      WHEN name = 'vllm:num_preemptions_total' THEN 'preemption'
      WHEN name IN ('vllm:kv_offload_store_bytes_total', 'sglang:evicted_tokens_total',
        'sglang:backuped_tokens_total', 'lmcache:num_stored_tokens_total')
        OR labels['transfer_type'] = 'GPU_to_CPU' OR labels['direction'] = 'd2h' THEN 'KV stores'
      WHEN name IN ('vllm:kv_offload_load_bytes_total', 'sglang:load_back_tokens_total',
        'lmcache:num_remote_read_bytes_total', 'vllm:nixl_bytes_transferred_sum')
        OR labels['transfer_type'] = 'CPU_to_GPU' OR labels['direction'] = 'h2d' THEN 'KV loads'
      WHEN name IN ('vllm:kv_cache_usage_perc', 'sglang:token_usage', 'llamacpp:kv_cache_usage_ratio')
        THEN 'KV full'
      WHEN name IN ('DCGM_FI_PROF_PCIE_RX_BYTES', 'DCGM_FI_PROF_PCIE_TX_BYTES') THEN 'PCIe busy'
      END AS event,
      value, growth
    FROM series
  ),
  happened AS (
    SELECT run, event, at_ns,
      CASE event
        WHEN 'preemption' THEN growth > 0
        WHEN 'KV full' THEN value > 0.9
        WHEN 'PCIe busy' THEN value > 0 AND value >= 0.8 * max(value) OVER (PARTITION BY run, event)
        ELSE growth > 0 AND growth > 2 * avg(growth) OVER (PARTITION BY run, event) END AS yes
    FROM kind WHERE event IS NOT NULL
  ),
  request AS (
    SELECT f.run, f.ordinal, f.due_at_ns, f.first_content_at_ns,
      row_number() OVER (PARTITION BY f.run ORDER BY f.ttft_ms DESC, f.ordinal)
        <= greatest(1, count(*) OVER (PARTITION BY f.run) // 100) AS slow
    FROM finished_requests f SEMI JOIN counted c ON c.run = f.run
    WHERE f.phase = 'MEASURE' AND f.ttft_ms IS NOT NULL
  ),
  met AS (
    SELECT r.run, k.event, r.ordinal, r.slow,
      coalesce(bool_or(h.at_ns IS NOT NULL), false) AS met
    FROM request r
    JOIN (SELECT DISTINCT run, event FROM happened) k ON k.run = r.run
    LEFT JOIN (SELECT * FROM happened WHERE yes) h ON h.run = r.run AND h.event = k.event
      AND h.at_ns BETWEEN r.due_at_ns - 1000000000 AND r.first_content_at_ns + 1000000000
    GROUP BY ALL
  )
SELECT c.experiment, c.strategy, m.event, count(*) FILTER (WHERE slow) AS slowest,
  avg(met::INT) FILTER (WHERE slow) AS slowest_share,
  avg(met::INT) FILTER (WHERE NOT slow) AS others_share,
  slowest_share / nullif(others_share, 0) AS lift
FROM met m JOIN counted c ON c.run = m.run
GROUP BY ALL ORDER BY c.experiment, c.strategy, m.event
