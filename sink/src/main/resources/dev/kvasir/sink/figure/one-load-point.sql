QUALIFY coalesce(load_point = first_value(load_point) OVER (
  ORDER BY coalesce(isinf(rate), false), rate DESC NULLS LAST, concurrency DESC NULLS LAST),
  true)
