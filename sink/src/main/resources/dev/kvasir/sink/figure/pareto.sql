{{picked}},
cell AS (
  SELECT {{series}} AS series, {{facet}} AS facet, cell, {{joined}} AS joined,
    avg(({{x}})::DOUBLE) AS x, interval95(list(({{y}})::DOUBLE)) AS i, count(*) AS n,
    bool_or(NOT usable OR ({{x_censored}}) OR ({{y_censored}})) AS hollow
  FROM run WHERE ({{x}}) IS NOT NULL AND ({{y}}) IS NOT NULL
  GROUP BY ALL
),
point AS (
  SELECT *, i.mean AS y, {{x_sign}} * x AS cost, {{y_sign}} * i.mean AS price FROM cell
)
SELECT series, facet, x, NULL::VARCHAR AS label, y, i.low AS low, i.high AS high,
  i.std AS std, n, hollow, joined, cell,
  NOT EXISTS (SELECT 1 FROM point o WHERE o.facet IS NOT DISTINCT FROM p.facet
    AND o.cost <= p.cost AND o.price <= p.price AND (o.cost < p.cost OR o.price < p.price))
    AS frontier
FROM point p ORDER BY facet, joined, x, y
