{{picked}},
point AS (
  SELECT *, ({{x}})::DOUBLE AS at_x, ({{y}})::DOUBLE AS y, ({{censored}}) AS hollow FROM run
),
base AS (
  SELECT experiment, model, load_point, parameters, avg(y) AS y, bool_or(hollow) AS hollow
  FROM point WHERE strategy = {{baseline}} GROUP BY ALL
),
compared AS (
  SELECT a.*, coalesce(b.y, m.y) AS base_y, coalesce(b.hollow, m.hollow) AS base_hollow,
    b.run IS NOT NULL AS is_paired
  FROM point a
  LEFT JOIN point b ON b.strategy = {{baseline}}
    AND b.experiment = a.experiment AND b.model = a.model
    AND b.workload_hash = a.workload_hash AND b.load_point = a.load_point
    AND b.parameters = a.parameters AND b.repeat = a.repeat AND b.seed = a.seed
  LEFT JOIN base m ON m.experiment = a.experiment AND m.model = a.model
    AND m.load_point = a.load_point AND m.parameters = a.parameters
  WHERE a.strategy <> {{baseline}}
)
SELECT {{series}} AS series, {{facet}} AS facet, at_x AS x, {{label}} AS label,
  {{measured}}, bool_and(is_paired) AS paired
FROM compared WHERE ({{ratio}}) IS NOT NULL
GROUP BY ALL ORDER BY facet, series, x, label
