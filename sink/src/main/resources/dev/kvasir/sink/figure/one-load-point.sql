shown AS (
  SELECT * FROM {{runs}} WHERE load_point IS NOT DISTINCT FROM (
    SELECT load_point FROM {{runs}} GROUP BY load_point
    ORDER BY count(DISTINCT strategy) DESC, coalesce(isinf(any_value(rate)), false),
      any_value(rate) DESC NULLS LAST, any_value(concurrency) DESC NULLS LAST, load_point
    LIMIT 1)
)
