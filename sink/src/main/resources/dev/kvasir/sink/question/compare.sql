-- title: Strategies beside each other
-- meaning: A row for each load point, varied parameters and strategy: means over the repeats, which
-- meaning: are the unit, with 95 % intervals (Student's t below 10 repeats, bootstrap from 10 on).
-- meaning: Counted are valid, overloaded and server-failed runs; `left_out` is the number of the
-- meaning: others. Failed requests count as at least their time limit in a latency (`censored`: the
-- meaning: number is a lower bound) and as misses in attainment. Against the baseline, requests of
-- meaning: one schedule (same workload, load point, parameters, repeat and seed) are paired by
-- meaning: ordinal: `difference_ms` is the median of TTFT minus the baseline's, its mean and
-- meaning: interval over the repeats, and `significant` says that this interval leaves out 0.
-- none: No run of these has ended.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: subjects TEXT = NULL: only these, as experiment/strategy, separated by commas
-- parameter: baseline TEXT = NULL: what the others are compared with, as it stands in `strategy`; the first if absent
-- parameter: ttft_slo MILLISECONDS = NULL: limit of the TTFT, ms; if absent each run's own, else 125
-- parameter: tpot_slo MILLISECONDS = NULL: limit of the TPOT, ms; if absent each run's own, else 200
-- parameter: target SHARE = NULL: share to attain, 0 to 1; if absent each run's own, else 0.9
-- column: load_point: load point
-- column: parameters: varied parameters
-- column: strategy: strategy; with its experiment before it where there are several
-- column: repeats: runs counted
-- column: left_out: runs that are not
-- column: few: whether fewer than 3 are
-- column: n: measured requests
-- column: failed: of these, failed
-- column: median_ttft_ms (ms): median TTFT
-- column: mean_ttft_ms (ms): mean TTFT
-- column: p99_ttft_ms (ms): p99 TTFT
-- column: p99_ttft_low (ms): lower end of its 95 % interval
-- column: p99_ttft_high (ms): upper end
-- column: std_p99_ttft_ms (ms): population standard deviation over the repeats
-- column: censored: whether the p99 TTFT is a lower bound
-- column: p99_itl_ms (ms): p99 ITL
-- column: mean_tpot_ms (ms): mean TPOT
-- column: p99_tpot_ms (ms): p99 TPOT
-- column: output_throughput (tokens/s): output tokens
-- column: throughput_low (tokens/s): lower end of its 95 % interval
-- column: throughput_high (tokens/s): upper end
-- column: attainment (0 to 1): share that attained its limits
-- column: attainment_low (0 to 1): lower end of its 95 % interval
-- column: attainment_high (0 to 1): upper end
-- column: target (0 to 1): share to attain
-- column: attains: whether the attainment is at least the target
-- column: request_goodput (requests/s): attained requests
-- column: ttft_ratio (ratio): the baseline's p99 TTFT divided by this one: above 1 is better
-- column: throughput_ratio (ratio): output throughput divided by the baseline's: above 1 is better
-- column: difference_ms (ms): median paired difference of the TTFT
-- column: difference_low (ms): lower end of its 95 % interval over the repeats
-- column: difference_high (ms): upper end
-- column: better: pairs of requests with a smaller TTFT than the baseline's
-- column: worse: pairs with a greater one
-- column: share_better (0 to 1): better divided by all pairs
-- column: significant: whether the interval leaves out 0; NULL without one
WITH
  candidate AS (
    SELECT *, verdict IN ('valid', 'overloaded', 'server-failed') AS usable,
      experiment || '/' || strategy AS path,
      array_to_string(list_transform(map_entries(parameters), lambda e: e.key || '=' || e.value),
        ' ') AS varied
    FROM runs
    WHERE verdict IS NOT NULL
      AND ($experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR)
      AND ($subjects::VARCHAR IS NULL
        OR list_contains(string_split($subjects::VARCHAR, ','), experiment || '/' || strategy))
  ),
  named AS (
    SELECT *, CASE WHEN (SELECT count(DISTINCT experiment) FROM candidate) > 1 THEN path
      ELSE strategy END AS subject
    FROM candidate
  ),
  reference AS (
    SELECT coalesce($baseline::VARCHAR, arg_min(subject,
      coalesce(list_position(string_split($subjects::VARCHAR, ','), path), 0) || subject)) AS subject
    FROM named
  ),
  request AS (
    SELECT c.run, f.ordinal, coalesce(f.ttft_ms, f.timeout_ms + coalesce(f.queue_ms, 0)) AS ttft_ms,
      meets_ttft(f.outcome, f.ttft_ms, coalesce($ttft_slo::DOUBLE, c.ttft_slo_ms, 125))
        AND meets_tpot(f.outcome, f.output_tokens, f.tpot_ms,
          coalesce($tpot_slo::DOUBLE, c.tpot_slo_ms, 200)) AS attained
    FROM named c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE' AND c.usable
  ),
  attained AS (
    SELECT run, avg(attained::INT) AS attainment, count(*) FILTER (WHERE attained) AS attained
    FROM request GROUP BY run
  ),
  cell AS (
    SELECT c.load_point, c.varied, c.subject, min(c.rate) AS rate,
      min(c.concurrency) AS concurrency, min(c.started_at) AS first_start,
      count(*) FILTER (WHERE c.usable) AS repeats, count(*) FILTER (WHERE NOT c.usable) AS left_out,
      sum(r.n) FILTER (WHERE c.usable)::BIGINT AS n,
      sum(r.failed) FILTER (WHERE c.usable)::BIGINT AS failed,
      avg(r.median_ttft_bound_ms) FILTER (WHERE c.usable) AS median_ttft_ms,
      avg(r.mean_ttft_bound_ms) FILTER (WHERE c.usable) AS mean_ttft_ms,
      interval95(list(r.p99_ttft_bound_ms)
        FILTER (WHERE c.usable AND r.p99_ttft_bound_ms IS NOT NULL)) AS p99_ttft,
      bool_or(r.p99_ttft_censored) FILTER (WHERE c.usable) AS censored,
      avg(r.p99_itl_bound_ms) FILTER (WHERE c.usable) AS p99_itl_ms,
      avg(r.mean_tpot_bound_ms) FILTER (WHERE c.usable) AS mean_tpot_ms,
      avg(r.p99_tpot_bound_ms) FILTER (WHERE c.usable) AS p99_tpot_ms,
      interval95(list(r.output_throughput)
        FILTER (WHERE c.usable AND r.output_throughput IS NOT NULL)) AS throughput,
      interval95(list(a.attainment)
        FILTER (WHERE c.usable AND a.attainment IS NOT NULL)) AS attainment,
      coalesce($target::DOUBLE, max(c.slo_target), 0.9) AS target,
      avg(a.attained / nullif(r.duration, 0)) FILTER (WHERE c.usable) AS request_goodput
    FROM named c LEFT JOIN results r ON r.run = c.run LEFT JOIN attained a ON a.run = c.run
    GROUP BY c.load_point, c.varied, c.subject
  ),
  pair AS (
    SELECT a.load_point, a.varied, a.subject, a.run, b.run AS other
    FROM named a JOIN named b ON b.subject = (SELECT subject FROM reference)
      AND b.subject <> a.subject AND b.usable AND a.usable AND b.workload_hash = a.workload_hash
      AND b.load_point = a.load_point AND b.varied = a.varied AND b.repeat = a.repeat
      AND b.seed = a.seed
  ),
  repeated AS (
    SELECT p.load_point, p.varied, p.subject, p.run, median(x.ttft_ms - y.ttft_ms) AS difference,
      count(*) FILTER (WHERE x.ttft_ms < y.ttft_ms) AS better,
      count(*) FILTER (WHERE x.ttft_ms > y.ttft_ms) AS worse, count(*) AS pairs
    FROM pair p
    JOIN request x ON x.run = p.run
    JOIN request y ON y.run = p.other AND y.ordinal = x.ordinal
    GROUP BY ALL
  ),
  paired AS (
    SELECT load_point, varied, subject, interval95(list(difference)) AS difference,
      sum(better)::BIGINT AS better, sum(worse)::BIGINT AS worse, sum(pairs)::BIGINT AS pairs
    FROM repeated GROUP BY ALL
  )
SELECT
  s.load_point, s.varied AS parameters, s.subject AS strategy, s.repeats, s.left_out,
  s.repeats < 3 AS few, s.n, s.failed,
  s.median_ttft_ms, s.mean_ttft_ms, s.p99_ttft.mean AS p99_ttft_ms, s.p99_ttft.low AS p99_ttft_low,
  s.p99_ttft.high AS p99_ttft_high, s.p99_ttft.std AS std_p99_ttft_ms, s.censored,
  s.p99_itl_ms, s.mean_tpot_ms, s.p99_tpot_ms,
  s.throughput.mean AS output_throughput, s.throughput.low AS throughput_low,
  s.throughput.high AS throughput_high,
  s.attainment.mean AS attainment, s.attainment.low AS attainment_low,
  s.attainment.high AS attainment_high, s.target, s.attainment.mean >= s.target AS attains,
  s.request_goodput,
  b.p99_ttft.mean / nullif(s.p99_ttft.mean, 0) AS ttft_ratio,
  s.throughput.mean / nullif(b.throughput.mean, 0) AS throughput_ratio,
  p.difference.mean AS difference_ms, p.difference.low AS difference_low,
  p.difference.high AS difference_high, p.better, p.worse, p.better / p.pairs AS share_better,
  p.difference.low > 0 OR p.difference.high < 0 AS significant
FROM cell s
LEFT JOIN cell b ON b.load_point = s.load_point AND b.varied = s.varied
  AND b.subject = (SELECT subject FROM reference)
LEFT JOIN paired p ON p.load_point = s.load_point AND p.varied = s.varied AND p.subject = s.subject
ORDER BY s.rate NULLS LAST, s.concurrency NULLS LAST, s.load_point, s.varied,
  s.subject <> (SELECT subject FROM reference), s.subject
