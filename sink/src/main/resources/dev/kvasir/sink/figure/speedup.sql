{{picked}},
point AS (
  SELECT *, ({{x}})::DOUBLE AS at_x, ({{y}})::DOUBLE AS y, ({{censored}}) AS hollow FROM run
),
paired AS (
  SELECT a.*, b.y AS base_y, b.hollow AS base_hollow
  FROM point a JOIN point b ON b.strategy = {{baseline}} AND a.strategy <> b.strategy
    AND b.experiment = a.experiment AND b.model = a.model
    AND b.workload_hash = a.workload_hash AND b.load_point = a.load_point
    AND b.parameters = a.parameters AND b.repeat = a.repeat AND b.seed = a.seed
)
SELECT {{series}} AS series, {{facet}} AS facet, at_x AS x, {{label}} AS label,
  {{measured}}
FROM paired WHERE ({{ratio}}) IS NOT NULL
GROUP BY ALL ORDER BY facet, series, x, label
