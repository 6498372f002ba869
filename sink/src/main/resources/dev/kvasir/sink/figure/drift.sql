{{picked}}
SELECT {{series}} AS series, {{facet}} AS facet,
  (w.end_second - epoch(run.started_at))::DOUBLE AS x, NULL::VARCHAR AS label,
  ({{value}})::DOUBLE AS y, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::DOUBLE AS std,
  1 AS n, NOT usable AS hollow, id AS joined
FROM run JOIN windows w ON w.run = run.run
WHERE w.seconds = 10 AND w.end_second % 5 = 0
WINDOW line AS (PARTITION BY run.run ORDER BY w.end_second)
QUALIFY (row_number() OVER line - 1) % greatest(1, count(*) OVER (PARTITION BY run.run) // 2000) = 0
ORDER BY facet, series, joined, x
