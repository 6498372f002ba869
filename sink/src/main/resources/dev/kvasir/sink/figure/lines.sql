{{picked}}
SELECT {{series}} AS series, {{facet}} AS facet, ({{x}})::DOUBLE AS x, {{label}} AS label,
  {{measured}}
FROM run WHERE ({{y}}) IS NOT NULL
GROUP BY ALL ORDER BY facet, series, x, label
