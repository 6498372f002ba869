  gaps AS (
    SELECT run, scope, count(*) AS gaps, avg(itl_ms) AS mean_itl_ms,
      stddev_pop(itl_ms) AS std_itl_ms, max(itl_ms) AS max_itl_ms
    FROM gap GROUP BY run, scope
  ),
  lost AS (
    SELECT run, scope, greatest(max_itl_ms, limit_tpot_ms) AS worst_itl_ms,
      round((n - completed) * gaps / completed)::BIGINT AS lost_gaps
    FROM gaps JOIN request USING (run, scope) WHERE completed < n
  ),
  -- The exact percentiles of gaps, of which a run of days has more than fit into memory: gaps are
  -- counted in buckets of 1/128 ms, and only the buckets in which a wanted place lies are sorted.
  -- Lost gaps come behind all others.
  place AS (
    SELECT run, scope, bound, level, level * (n - 1) AS place
    FROM (
      SELECT run, scope, false AS bound, gaps AS n FROM gaps
      UNION ALL
      SELECT run, scope, true, gaps + lost_gaps FROM gaps JOIN lost USING (run, scope)
    ), (SELECT unnest([0.5, 0.9, 0.95, 0.99])::DOUBLE AS level)
  ),
  bucket AS (
    SELECT run, scope, bucket, held, sum(held) OVER o - held AS below
    FROM (
      SELECT run, scope, floor(128 * itl_ms)::BIGINT AS bucket, count(*) AS held
      FROM gap GROUP BY ALL
    )
    WINDOW o AS (PARTITION BY run, scope ORDER BY bucket)
  ),
  wanted_bucket AS (
    SELECT DISTINCT b.run, b.scope, b.bucket, b.below
    FROM bucket b JOIN place p ON p.run = b.run AND p.scope = b.scope
    WHERE (floor(place) >= below AND floor(place) < below + held)
      OR (ceil(place) >= below AND ceil(place) < below + held)
  ),
  placed_gap AS (
    SELECT g.run, g.scope, itl_ms,
      below + row_number() OVER (PARTITION BY g.run, g.scope, bucket ORDER BY itl_ms) - 1 AS place
    FROM gap g JOIN wanted_bucket b
      ON b.run = g.run AND b.scope = g.scope AND b.bucket = floor(128 * itl_ms)::BIGINT
  ),
  interpolated AS (
    SELECT p.run, p.scope, p.bound, p.level,
      coalesce(lower.itl_ms, worst_itl_ms) AS least, coalesce(upper.itl_ms, worst_itl_ms) AS most,
      least + (most - least) * (p.place - floor(p.place)) AS itl_ms
    FROM place p
    LEFT JOIN lost ON lost.run = p.run AND lost.scope = p.scope
    LEFT JOIN placed_gap lower
      ON lower.run = p.run AND lower.scope = p.scope AND lower.place = floor(p.place)
    LEFT JOIN placed_gap upper
      ON upper.run = p.run AND upper.scope = p.scope AND upper.place = ceil(p.place)
  ),
  gap_percentile AS (
    SELECT run, scope, list(itl_ms ORDER BY level) FILTER (WHERE NOT bound) AS itl,
      list(itl_ms ORDER BY level) FILTER (WHERE bound) AS itl_bound
    FROM interpolated GROUP BY run, scope
  ),
  gap_bound AS (
    SELECT g.run, g.scope, itl, coalesce(itl_bound, itl) AS itl_bound,
      CASE WHEN lost_gaps IS NULL THEN mean_itl_ms
        ELSE (mean_itl_ms * gaps + worst_itl_ms * lost_gaps) / (gaps + lost_gaps) END
        AS mean_itl_bound_ms
    FROM gaps g JOIN gap_percentile USING (run, scope) LEFT JOIN lost USING (run, scope)
  ),
