{{picked}},
{{shown}}
SELECT 'P50' AS series, {{facet}} AS facet, NULL::DOUBLE AS x, {{label}} AS label, load_point,
  {{median_measured}}
FROM shown WHERE ({{median}}) IS NOT NULL GROUP BY ALL
UNION ALL
SELECT 'P99', {{facet}}, NULL, {{label}}, load_point,
  {{p99_measured}}
FROM shown WHERE ({{p99}}) IS NOT NULL GROUP BY ALL
ORDER BY facet, label, series
