SELECT series FROM (
  SELECT {{series}} AS series, min(started_at) AS first FROM {{runs}}
  WHERE scope = 'all' AND experiment IN ({{experiments}}) GROUP BY 1)
ORDER BY first, series
