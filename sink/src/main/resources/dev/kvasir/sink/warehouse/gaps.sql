  gaps AS (
    SELECT run, scope, count(*) AS gaps, avg(itl_ms) AS mean_itl_ms,
      stddev_pop(itl_ms) AS std_itl_ms, max(itl_ms) AS max_itl_ms,
      quantile_cont(itl_ms, [0.5, 0.9, 0.95, 0.99]) AS itl
    FROM gap GROUP BY run, scope
  ),
  lost AS (
    SELECT run, scope, greatest(max_itl_ms, limit_tpot_ms) AS worst_itl_ms,
      round((n - completed) * gaps / completed)::BIGINT AS lost_gaps
    FROM gaps JOIN request USING (run, scope) WHERE completed < n
  ),
  with_lost AS (
    SELECT run, scope, avg(itl_ms) AS mean_itl_bound_ms,
      quantile_cont(itl_ms, [0.5, 0.9, 0.95, 0.99]) AS itl_bound
    FROM (
      SELECT gap.run, gap.scope, itl_ms FROM gap JOIN lost USING (run, scope)
      UNION ALL
      SELECT run, scope, worst_itl_ms FROM (
        SELECT run, scope, worst_itl_ms, unnest(range(lost_gaps)) FROM lost)
    ) GROUP BY run, scope
  ),
  gap_bound AS (
    SELECT run, scope, g.itl, coalesce(l.itl_bound, g.itl) AS itl_bound,
      coalesce(l.mean_itl_bound_ms, g.mean_itl_ms) AS mean_itl_bound_ms
    FROM gaps g LEFT JOIN with_lost l USING (run, scope)
  ),
