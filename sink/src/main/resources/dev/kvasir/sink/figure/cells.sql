{{picked}}
SELECT {{series}} AS series, {{facet}} AS facet, NULL::DOUBLE AS x, {{label}} AS label,
  {{place}} AS place,
  {{measured}}
FROM run WHERE ({{y}}) IS NOT NULL AND ({{place}}) IS NOT NULL
GROUP BY ALL ORDER BY facet, place, series
