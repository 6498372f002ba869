{{picked}},
pair AS (
  SELECT {{series}} AS series, {{facet}} AS facet, input_len, output_len,
    {{measured}}
  FROM run WHERE ({{y}}) IS NOT NULL AND input_len IS NOT NULL AND output_len IS NOT NULL
  GROUP BY ALL
)
SELECT series, facet, NULL::DOUBLE AS x, format('{:,}/{:,}', input_len, output_len) AS label,
  y, low, high, std, n, hollow, input_len, output_len
FROM pair
UNION ALL
SELECT series, facet, NULL, 'Mean', avg(y), NULL, NULL, NULL, sum(n)::BIGINT,
  bool_or(hollow), NULL, NULL
FROM pair GROUP BY series, facet
ORDER BY facet, input_len NULLS LAST, output_len NULLS LAST, series
