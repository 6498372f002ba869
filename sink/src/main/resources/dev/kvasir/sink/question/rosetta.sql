-- title: One run in every tool's own words
-- meaning: A row for each tool: what it would have reported of the run's requests, each by its own
-- meaning: definition of the same word (the view peer_definitions says which), and where the run was
-- meaning: imported, a row of what its tool did report. Attainment is NULL where the tool has none;
-- meaning: goodput is attained requests per second. Limits that are given apply instead of the run's.
-- none: The run has no requests, so other definitions of its numbers cannot be computed.
-- parameter: run TEXT: id or number of the run, or an end of its id
-- parameter: ttft_slo MILLISECONDS = NULL: limit of the time to first token, ms
-- parameter: tpot_slo MILLISECONDS = NULL: limit of the time per output token, ms
-- column: tool: whose definitions; `reported` is what the file said
-- column: clock: when its clock starts
-- column: mean_ttft_ms (ms): mean time to first token
-- column: p50_ttft_ms (ms): its median
-- column: p99_ttft_ms (ms): its 99th percentile, as the tool takes percentiles
-- column: mean_itl_ms (ms): mean of what the tool calls inter-token latency
-- column: p99_itl_ms (ms): its 99th percentile
-- column: mean_tpot_ms (ms): mean of what the tool calls time per output token
-- column: p99_tpot_ms (ms): its 99th percentile
-- column: mean_e2e_ms (ms): mean latency of a request
-- column: p99_e2e_ms (ms): its 99th percentile
-- column: goodput (requests/s): attained requests per second
-- column: attainment (0 to 1): attained share, of what the tool divides by
WITH
  chosen AS (
    SELECT run, format FROM runs
    WHERE id = $run::VARCHAR OR run::VARCHAR = $run::VARCHAR
      OR ($run::VARCHAR <> '' AND ends_with(id, $run::VARCHAR))
    ORDER BY id = $run::VARCHAR DESC, run LIMIT 1
  ),
  met AS (
    SELECT q.tool, count(*) AS n, count(*) FILTER (WHERE q.ok) AS completed,
      count(*) FILTER (WHERE q.ok
        AND (coalesce($ttft_slo::DOUBLE, q.ttft_slo_ms) IS NULL
          OR coalesce(q.ttft_ms <= coalesce($ttft_slo::DOUBLE, q.ttft_slo_ms), false))
        AND (coalesce($tpot_slo::DOUBLE, q.tpot_slo_ms) IS NULL OR q.output_tokens <= 1
          OR coalesce(q.tpot_ms <= coalesce($tpot_slo::DOUBLE, q.tpot_slo_ms), false)))
        AS attained
    FROM peer_requests q JOIN chosen c ON c.run = q.run GROUP BY q.tool
  ),
  told AS (
    SELECT d.tool, d.clock, p.mean_ttft_ms, p.p50_ttft_ms, p.p99_ttft_ms, p.mean_itl_ms,
      p.p99_itl_ms, p.mean_tpot_ms, p.p99_tpot_ms, p.mean_e2e_ms, p.p99_e2e_ms,
      CASE WHEN d.tpot <> 'none' THEN m.attained / nullif(p.duration, 0) END AS goodput,
      CASE d.share WHEN 'due' THEN m.attained / m.n
        WHEN 'ok' THEN m.attained / nullif(m.completed, 0) END AS attainment
    FROM (
      SELECT p.*, s.duration
      FROM peers p JOIN chosen c ON c.run = p.run
      JOIN summaries s ON s.run = p.run AND s.scope = 'all'
    ) p
    JOIN peer_definitions d ON d.tool = p.tool
    JOIN met m ON m.tool = p.tool
  ),
  reported_by_tool AS (
    SELECT 'reported (' || any_value(c.format) || ')' AS tool, 'sent' AS clock,
      max(value) FILTER (WHERE result = 'mean_ttft_ms') AS mean_ttft_ms,
      max(value) FILTER (WHERE result = 'median_ttft_ms') AS p50_ttft_ms,
      max(value) FILTER (WHERE result = 'p99_ttft_ms') AS p99_ttft_ms,
      max(value) FILTER (WHERE result = 'mean_itl_ms') AS mean_itl_ms,
      max(value) FILTER (WHERE result = 'p99_itl_ms') AS p99_itl_ms,
      max(value) FILTER (WHERE result = 'mean_tpot_ms') AS mean_tpot_ms,
      max(value) FILTER (WHERE result = 'p99_tpot_ms') AS p99_tpot_ms,
      max(value) FILTER (WHERE result = 'mean_e2el_ms') AS mean_e2e_ms,
      max(value) FILTER (WHERE result = 'p99_e2el_ms') AS p99_e2e_ms,
      max(value) FILTER (WHERE result = 'request_goodput') AS goodput, NULL::DOUBLE AS attainment
    FROM reported r JOIN chosen c ON c.run = r.run HAVING count(*) > 0
  )
SELECT * FROM (SELECT * FROM told UNION ALL BY NAME SELECT * FROM reported_by_tool)
ORDER BY tool <> 'kvasir', starts_with(tool, 'reported'), tool
