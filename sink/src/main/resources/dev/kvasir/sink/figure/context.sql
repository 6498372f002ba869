SELECT experiment, string_agg(DISTINCT model, ', ') AS models,
  string_agg(DISTINCT workload, ', ') AS workloads, count(*) AS runs, min(n) AS least_n,
  max(n) AS most_n, count(*) FILTER (WHERE NOT usable) AS unusable,
  string_agg(DISTINCT format, ', ') AS formats
FROM {{runs}} WHERE scope = 'all' AND {{where}}
GROUP BY experiment ORDER BY experiment
