{{picked}},
{{shown}},
request AS (
  SELECT {{series}} AS series, {{facet}} AS facet, f.ttft_ms, f.outcome = 'OK' AS ok, shown.run,
    shown.usable, shown.load_point
  FROM shown JOIN finished_requests f ON f.run = shown.run
  WHERE f.phase = 'MEASURE' AND {{passes}}
),
curve AS (
  SELECT series, facet, load_point, count(*) AS requests, count(*) FILTER (WHERE ok) AS completed,
    count(DISTINCT run) AS n, NOT bool_and(usable) AS hollow,
    quantile_cont(ttft_ms, {{levels}}) FILTER (WHERE ok) AS xs
  FROM request GROUP BY ALL
)
SELECT series, facet, unnest(xs) AS x, NULL::VARCHAR AS label,
  unnest(list_transform(range(201), lambda i: i / 2.0)) * completed / requests AS y,
  NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::DOUBLE AS std, n, hollow, load_point,
  requests, completed
FROM curve ORDER BY facet, series, y
