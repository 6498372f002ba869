judged AS (
  SELECT p.run, avg((ttft AND tpot)::INT) AS attained, avg(ttft::INT) AS attained_ttft,
    avg(tpot::INT) AS attained_tpot,
    count(*) FILTER (WHERE ttft AND tpot) / nullif(any_value(p.duration), 0) AS attained_per_s
  FROM (
    SELECT p.run, p.duration,
      meets_ttft(f.outcome, f.ttft_ms, coalesce({{ttft_slo}}, p.ttft_slo_ms, 125)) AS ttft,
      meets_tpot(f.outcome, f.output_tokens, f.tpot_ms, coalesce({{tpot_slo}}, p.tpot_slo_ms, 200))
        AS tpot
    FROM picked p JOIN finished_requests f ON f.run = p.run
    WHERE f.phase = 'MEASURE' AND {{passes}}
  ) p
  GROUP BY p.run
),
run AS (SELECT p.*, j.* EXCLUDE (run) FROM picked p JOIN judged j ON j.run = p.run)
