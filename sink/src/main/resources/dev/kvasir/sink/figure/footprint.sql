{{picked}}
SELECT {{series}} AS series, concat_ws(', ', {{facet}}, s.labels['process']) AS facet,
  (s.at_ns / 1e9 - epoch(run.started_at))::DOUBLE AS x, NULL::VARCHAR AS label,
  ({{value}})::DOUBLE AS y, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::DOUBLE AS std,
  1 AS n, NOT usable AS hollow, id AS joined
FROM run JOIN sample s ON s.run = run.run
WHERE s.source = 'CLIENT' AND s.labels['process'] IS NOT NULL AND y IS NOT NULL
WINDOW line AS (PARTITION BY run.run, s.labels['process'] ORDER BY s.at_ns)
QUALIFY (row_number() OVER line - 1)
  % greatest(1, count(*) OVER (PARTITION BY run.run, s.labels['process']) // 2000) = 0
ORDER BY facet, series, joined, x
