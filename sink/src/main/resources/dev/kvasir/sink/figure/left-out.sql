SELECT verdict, count(*) AS runs FROM runs r
WHERE verdict IS NOT NULL AND experiment IN ({{experiments}})
  AND NOT EXISTS (SELECT 1 FROM counted_runs c WHERE c.run = r.run)
GROUP BY verdict ORDER BY verdict
