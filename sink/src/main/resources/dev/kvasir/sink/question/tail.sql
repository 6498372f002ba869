-- title: What happened at the server when the slowest requests waited
-- meaning: A row for each strategy and kind of event: of the slowest 1 % of TTFTs (at least one
-- meaning: request a run), and of the others, the share that waited while, or within 1 s of when,
-- meaning: the server preempted, stored or loaded KV in a burst (over twice its mean), had over
-- meaning: 90 % of its KV in use, or its PCIe link was over 80 % busy. `lift` divides the two.
-- meaning: No row: the run has no such samples, and the question cannot be answered for it.
-- parameter: experiment VARCHAR = NULL: only this experiment
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
    SELECT s.run, s.at_ns, s.source, s.name, s.value,
      s.value - lag(s.value) OVER (PARTITION BY s.run, s.name, s.labels ORDER BY s.at_ns) AS growth
    FROM sample s SEMI JOIN counted c ON c.run = s.run
  ),
  kind AS (
    SELECT run, at_ns, CASE
      WHEN regexp_matches(name, 'preemptions') THEN 'preemption'
      WHEN regexp_matches(name, 'store_bytes|GPU_to_CPU|stored_bytes') THEN 'KV stores'
      WHEN regexp_matches(name, 'load_bytes|CPU_to_GPU|loaded_bytes') THEN 'KV loads'
      WHEN regexp_matches(name, 'kv_cache_usage_perc|token_usage$') THEN 'KV full'
      WHEN regexp_matches(name, 'PCIE_(RX|TX)_BYTES|pcie_busy') THEN 'PCIe busy' END AS event,
      value, growth
    FROM series
  ),
  happened AS (
    SELECT run, event, at_ns,
      CASE event
        WHEN 'preemption' THEN growth > 0
        WHEN 'KV full' THEN value > 0.9
        WHEN 'PCIe busy' THEN value > 0.8 * max(value) OVER (PARTITION BY run, event)
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
