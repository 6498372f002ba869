WITH picked AS (
  SELECT *, experiment || '/' || strategy AS subject,
    {{rate}} AS drawn_rate
  FROM figure_runs
  WHERE scope = 'all' AND load_kind = 'OPEN' AND rate IS NOT NULL
    AND experiment || '/' || strategy IN ({{subjects}})
),
common AS (
  SELECT * FROM picked WHERE NOT {{common}} OR drawn_rate IN (
    SELECT drawn_rate FROM picked GROUP BY drawn_rate
    HAVING count(DISTINCT subject) = {{subject_count}})
),
middle AS (
  SELECT drawn_rate FROM (
    SELECT DISTINCT drawn_rate, dense_rank() OVER (ORDER BY drawn_rate) AS place
    FROM common WHERE NOT isinf(drawn_rate))
  ORDER BY abs(place - (SELECT 1 + count(DISTINCT drawn_rate) // 2 FROM common
    WHERE NOT isinf(drawn_rate))), drawn_rate LIMIT 1
),
point AS (
  SELECT *, 'rate' AS axis, drawn_rate AS x, 1.0 AS scale FROM common
  UNION ALL
  SELECT c.*, 'scale', -i / 10.0, i / 10.0
  FROM common c, range(4, 16) steps(i)
  WHERE c.drawn_rate = coalesce({{scale_rate}}, (SELECT drawn_rate FROM middle))
),
judged AS (
  SELECT p.axis, p.x, p.scale, p.subject, p.strategy, p.run, p.usable, p.drawn_rate,
    meets_ttft(f.outcome, f.ttft_ms, p.scale * coalesce({{ttft_slo}}, p.ttft_slo_ms, 125)) AS ttft,
    meets_tpot(f.outcome, f.output_tokens, f.tpot_ms,
      p.scale * coalesce({{tpot_slo}}, p.tpot_slo_ms, 200)) AS tpot
  FROM point p JOIN finished_requests f ON f.run = p.run WHERE f.phase = 'MEASURE'
),
attained AS (
  SELECT axis, x, subject, strategy, run, usable, drawn_rate,
    avg((ttft AND tpot)::INT) AS both_share, avg(ttft::INT) AS ttft_share,
    avg(tpot::INT) AS tpot_share
  FROM judged GROUP BY ALL
),
share AS (
  SELECT *, 'both' AS type, 100 * both_share AS share FROM attained
  UNION ALL
  SELECT *, 'ttft', 100 * ttft_share FROM attained
  UNION ALL
  SELECT *, 'tpot', 100 * tpot_share FROM attained
),
cell AS (
  SELECT axis, subject, strategy, type, x, interval95(list(share)) AS i, count(*) AS n,
    bool_or(NOT usable) AS hollow, any_value(drawn_rate) AS at_rate
  FROM share WHERE type IN ({{types}})
  GROUP BY axis, subject, strategy, type, x
)
SELECT axis, {{series}} AS series, NULL::VARCHAR AS facet, x, NULL::VARCHAR AS label, i.mean AS y,
  i.low AS low, i.high AS high, i.std AS std, n, hollow, subject, at_rate
FROM cell ORDER BY axis, subject, type, x
