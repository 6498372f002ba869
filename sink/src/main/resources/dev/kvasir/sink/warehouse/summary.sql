-- The headline numbers of runs, computed from their events. Durations are milliseconds.
--
-- A row for each wanted run and scope: `all` measured requests, and for a run of several passes also
-- `cold` (its first pass) and `warm` (the later ones). Columns named `…_bound_…` count what failed:
-- TTFT and E2E as at least the time limit, TPOT and ITL as if the answer had taken the time limit (and
-- as at least the worst that was observed), so that requests which are dropped never make a run look
-- faster; `…_censored` says that such a bound is a lower one.

CREATE OR REPLACE MACRO summary_of(wanted) AS TABLE
WITH
  chosen AS (SELECT DISTINCT unnest(wanted) AS run),
  measured AS (
    SELECT f.run, ordinal, pass, ok, attained, attained_ttft, attained_tpot, due_at_ns, sent_at_ns,
      end_at_ns, input_tokens, output_tokens, cached_tokens, queue_ms, limit_ms, ttft_ms, ttft_sent_ms,
      tpot_ms, e2e_ms,
      coalesce(ttft_ms, limit_ms) AS ttft_bound_ms,
      CASE WHEN ttft_ms IS NULL THEN limit_ms END AS waited_ms,
      CASE WHEN ok THEN e2e_ms ELSE greatest(coalesce(e2e_ms, 0), limit_ms) END AS e2e_bound_ms,
      CASE WHEN last_pass = 1 THEN ['all'] WHEN pass = 1 THEN ['all', 'cold']
        ELSE ['all', 'warm'] END AS scopes
    FROM (
      SELECT *, outcome = 'OK' AS ok, timeout_ms + coalesce(queue_ms, 0) AS limit_ms
      FROM finished_requests WHERE phase = 'MEASURE'
    ) f
    JOIN (
      SELECT e.run, max(pass) AS last_pass FROM request_finished e
      SEMI JOIN chosen ON chosen.run = e.run WHERE phase = 'MEASURE' GROUP BY e.run
    ) p ON p.run = f.run
  ),
  scoped AS (SELECT * EXCLUDE (scopes), unnest(scopes) AS scope FROM measured),
  span AS (
    SELECT m.run, scope, min(due_at_ns) AS first_due_ns, max(due_at_ns) AS last_due_ns,
      min(sent_at_ns) AS first_sent_ns,
      max(end_at_ns) FILTER (WHERE sent_at_ns IS NOT NULL) AS last_end_ns,
      min(waited_ms) AS least_wait_ms,
      max(limit_ms) / greatest(1, coalesce(any_value(s.planned), avg(output_tokens)) - 1)
        AS limit_tpot_ms,
      greatest(max(tpot_ms) FILTER (WHERE ok), limit_tpot_ms) AS worst_tpot_ms
    FROM scoped m
    LEFT JOIN (
      SELECT run, any_value(workload_output_tokens) AS planned FROM run_started GROUP BY run
    ) s USING (run)
    GROUP BY m.run, scope
  ),
  request AS (
    SELECT m.run, m.scope,
      count(*) AS n,
      count(*) FILTER (WHERE ok) AS completed,
      count(*) FILTER (WHERE attained) AS attained_requests,
      count(*) FILTER (WHERE attained_ttft) AS attained_ttft_requests,
      count(*) FILTER (WHERE attained_tpot) AS attained_tpot_requests,
      any_value((last_end_ns - first_sent_ns) / 1e9) AS duration,
      any_value(limit_tpot_ms) AS limit_tpot_ms,
      any_value((last_due_ns - first_due_ns) / 1e9) AS due_duration,
      sum(input_tokens) FILTER (WHERE ok)::BIGINT AS total_input_tokens,
      sum(output_tokens) FILTER (WHERE ok)::BIGINT AS total_output_tokens,
      sum(cached_tokens) FILTER (WHERE ok)::BIGINT AS total_cached_tokens,
      count(*) FILTER (WHERE ok AND output_tokens IS NULL) AS unknown_output_tokens,
      avg(input_tokens) AS mean_input_tokens,
      avg(output_tokens) FILTER (WHERE ok) AS mean_output_tokens,
      sum(cached_tokens) FILTER (WHERE ok AND input_tokens IS NOT NULL)
        / nullif(sum(input_tokens) FILTER (WHERE ok AND cached_tokens IS NOT NULL), 0)
        AS cached_share,
      count(*) FILTER (WHERE ok AND end_at_ns BETWEEN first_due_ns AND last_due_ns)
        AS steady_completed,
      sum(input_tokens) FILTER (WHERE ok AND end_at_ns BETWEEN first_due_ns AND last_due_ns)::BIGINT
        AS steady_input_tokens,
      sum(output_tokens) FILTER (WHERE ok AND end_at_ns BETWEEN first_due_ns AND last_due_ns)::BIGINT
        AS steady_output_tokens,
      avg(ttft_ms) FILTER (WHERE ok) AS mean_ttft_ms,
      stddev_pop(ttft_ms) FILTER (WHERE ok) AS std_ttft_ms,
      min(ttft_ms) FILTER (WHERE ok) AS min_ttft_ms,
      max(ttft_ms) FILTER (WHERE ok) AS max_ttft_ms,
      avg(ttft_sent_ms) FILTER (WHERE ok) AS mean_ttft_sent_ms,
      stddev_pop(ttft_sent_ms) FILTER (WHERE ok) AS std_ttft_sent_ms,
      avg(tpot_ms) FILTER (WHERE ok) AS mean_tpot_ms,
      stddev_pop(tpot_ms) FILTER (WHERE ok) AS std_tpot_ms,
      avg(e2e_ms) FILTER (WHERE ok) AS mean_e2el_ms,
      stddev_pop(e2e_ms) FILTER (WHERE ok) AS std_e2el_ms,
      avg(ttft_bound_ms) AS mean_ttft_bound_ms,
      count(*) FILTER (WHERE ttft_bound_ms >= least_wait_ms) AS long_waits,
      avg(CASE WHEN ok THEN tpot_ms ELSE worst_tpot_ms END) AS mean_tpot_bound_ms,
      avg(e2e_bound_ms) AS mean_e2el_bound_ms
    FROM scoped m JOIN span ON span.run = m.run AND span.scope = m.scope
    GROUP BY m.run, m.scope
  ),
  gap AS NOT MATERIALIZED (
    SELECT s.run, s.scope, t.gap_ns / 1e6 AS itl_ms
    FROM token t
    JOIN (
      SELECT code, run FROM run_code SEMI JOIN chosen ON chosen.run = run_code.run
      WHERE run NOT IN (SELECT run FROM request_reported)
    ) c ON c.code = t.run_code
    JOIN scoped s ON s.run = c.run AND s.ordinal = t.ordinal
    ANTI JOIN taken_over k ON k.run = s.run AND k.ordinal = t.ordinal
      AND k.sent_epoch > (coalesce(t.flags, 1) >> 8)
    WHERE s.ok AND t.gap_ns IS NOT NULL
    UNION ALL
    SELECT s.run, s.scope, unnest(p.itl_seconds) * 1e3
    FROM request_reported p JOIN scoped s ON s.run = p.run AND s.ordinal = p.ordinal
    WHERE s.ok
  ),
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
  -- Percentiles are exact, and of more values than fit into memory: they are counted in buckets a
  -- thousandth wide, and by value in the buckets in which a wanted place lies. Lost gaps come behind
  -- all others.
  observed AS NOT MATERIALIZED (
    SELECT run, scope, metric, value,
      CASE WHEN value > 0 THEN floor(1000 * ln(value))::INTEGER ELSE -1000000 END AS bucket
    FROM (
      SELECT run, scope, 'itl' AS metric, itl_ms AS value FROM gap
      UNION ALL
      SELECT m.run, m.scope, unnest([
        {'metric': 'ttft', 'value': CASE WHEN ok THEN ttft_ms END},
        {'metric': 'ttft_bound', 'value': ttft_bound_ms},
        {'metric': 'ttft_sent', 'value': CASE WHEN ok THEN ttft_sent_ms END},
        {'metric': 'tpot', 'value': CASE WHEN ok THEN tpot_ms END},
        {'metric': 'tpot_bound', 'value': CASE WHEN ok THEN tpot_ms ELSE worst_tpot_ms END},
        {'metric': 'e2el', 'value': CASE WHEN ok THEN e2e_ms END},
        {'metric': 'e2el_bound', 'value': e2e_bound_ms},
        {'metric': 'queue', 'value': queue_ms}], recursive := true)
      FROM scoped m JOIN span ON span.run = m.run AND span.scope = m.scope
    )
    WHERE value IS NOT NULL
  ),
  bucket AS (
    SELECT run, scope, metric, bucket, held, sum(held) OVER o - held AS below
    FROM (SELECT run, scope, metric, bucket, count(*) AS held FROM observed GROUP BY ALL)
    WINDOW o AS (PARTITION BY run, scope, metric ORDER BY bucket)
  ),
  place AS (
    SELECT run, scope, metric, shown, level, level * (n - 1) AS place
    FROM (
      SELECT run, scope, metric, metric AS shown, sum(held) AS n FROM bucket GROUP BY ALL
      UNION ALL
      SELECT run, scope, 'itl', 'itl_bound', gaps + coalesce(lost_gaps, 0)
      FROM gaps LEFT JOIN lost USING (run, scope)
    ), (SELECT unnest([0.5, 0.9, 0.95, 0.99])::DOUBLE AS level)
  ),
  wanted_bucket AS (
    SELECT b.run, b.scope, b.metric, b.bucket, b.below
    FROM bucket b SEMI JOIN place p ON p.run = b.run AND p.scope = b.scope AND p.metric = b.metric
      AND ceil(place) >= below AND floor(place) < below + held
  ),
  wanted_value AS (
    SELECT v.run, v.scope, v.metric, v.bucket, value, count(*) AS held
    FROM observed v SEMI JOIN wanted_bucket b
      ON b.run = v.run AND b.scope = v.scope AND b.metric = v.metric AND b.bucket = v.bucket
    GROUP BY ALL
  ),
  placed AS (
    SELECT v.run, v.scope, v.metric, value, below + sum(held) OVER o - held AS first_place,
      first_place + held AS next_place
    FROM wanted_value v JOIN wanted_bucket b
      ON b.run = v.run AND b.scope = v.scope AND b.metric = v.metric AND b.bucket = v.bucket
    WINDOW o AS (PARTITION BY v.run, v.scope, v.metric, v.bucket ORDER BY value)
  ),
  interpolated AS (
    SELECT p.run, p.scope, p.shown, p.level,
      coalesce(lower.value, worst_itl_ms) AS least, coalesce(upper.value, worst_itl_ms) AS most,
      least + (most - least) * (p.place - floor(p.place)) AS value
    FROM place p
    LEFT JOIN lost ON lost.run = p.run AND lost.scope = p.scope
    LEFT JOIN placed lower ON lower.run = p.run AND lower.scope = p.scope AND lower.metric = p.metric
      AND floor(p.place) >= lower.first_place AND floor(p.place) < lower.next_place
    LEFT JOIN placed upper ON upper.run = p.run AND upper.scope = p.scope AND upper.metric = p.metric
      AND ceil(p.place) >= upper.first_place AND ceil(p.place) < upper.next_place
  ),
  percentile AS (
    SELECT run, scope, map_from_entries(list({'key': shown, 'value': levels})) AS p
    FROM (
      SELECT run, scope, shown, list(value ORDER BY level) AS levels FROM interpolated GROUP BY ALL)
    GROUP BY run, scope
  ),
  -- Requests in flight at the begin of a second, and the most beyond that within it.
  flight AS (
    SELECT run, scope, at_ns // 1000000000 AS second,
      sum(step) OVER (PARTITION BY run, scope, at_ns // 1000000000 ORDER BY at_ns, step
        ROWS UNBOUNDED PRECEDING) AS more, step
    FROM (
      SELECT run, scope, sent_at_ns AS at_ns, 1 AS step FROM scoped WHERE sent_at_ns IS NOT NULL
      UNION ALL
      SELECT run, scope, end_at_ns, -1 FROM scoped WHERE sent_at_ns IS NOT NULL
    )
  ),
  peak AS (
    SELECT run, scope, max(most)::BIGINT AS max_concurrent_requests
    FROM (
      SELECT run, scope, max(more) + sum(sum(step)) OVER (PARTITION BY run, scope ORDER BY second)
        - sum(step) AS most
      FROM flight GROUP BY run, scope, second
    )
    GROUP BY run, scope
  ),
  -- Figures that only another tool knows: all of a run without requests, and the duration of one
  -- whose requests' starts are not recorded.
  told AS (
    SELECT run, map_from_entries(list({'key': result, 'value': value} ORDER BY result)) AS v
    FROM (
      SELECT run, result, max(value) AS value FROM reported
      SEMI JOIN chosen ON chosen.run = reported.run GROUP BY run, result)
    WHERE value IS NOT NULL
    GROUP BY run
  ),
  tool AS (
    SELECT i.run, i.metadata['start_times'] = 'reconstructed' AS untimed,
      told.v['duration'] AS duration, coalesce(told.v, MAP {}) AS v
    FROM run_imported i SEMI JOIN chosen ON chosen.run = i.run
    LEFT JOIN told ON told.run = i.run
    QUALIFY row_number() OVER (PARTITION BY i.run ORDER BY i.rowid DESC) = 1
  ),
  -- Of several passes, each scope has requests of its own; what a tool tells is of the whole run.
  span_of AS (
    SELECT c.run, coalesce(q.scope, 'all') AS scope,
      CASE WHEN t.untimed AND coalesce(q.scope, 'all') = 'all' THEN coalesce(t.duration, q.duration)
        ELSE coalesce(q.duration, t.duration) END AS duration,
      CASE WHEN t.untimed IS NOT TRUE THEN q.due_duration END AS due_duration,
      CASE WHEN t.untimed IS NOT TRUE THEN peak.max_concurrent_requests END AS peak,
      CASE WHEN q.n IS NULL THEN coalesce(t.v, MAP {}) ELSE MAP {} END AS v,
      CASE WHEN q.n IS NULL THEN map_keys(coalesce(t.v, MAP {}))
        WHEN t.untimed AND t.duration IS NOT NULL THEN ['duration'] ELSE [] END AS as_reported
    FROM chosen c
    LEFT JOIN request q ON q.run = c.run
    LEFT JOIN tool t ON t.run = c.run
    LEFT JOIN peak ON peak.run = q.run AND peak.scope = q.scope
  ),
  memory_peak AS (
    SELECT run, max(gb) FILTER (WHERE device = 'gpu') AS gpu_peak_gb,
      max(gb) FILTER (WHERE device = 'host') AS host_peak_gb
    FROM memory SEMI JOIN chosen ON chosen.run = memory.run GROUP BY run
  )
SELECT
  s.run, s.scope,
  coalesce(q.n, s.v['n']::BIGINT) AS n,
  coalesce(q.completed, s.v['completed']::BIGINT) AS completed,
  coalesce(q.n - q.completed, s.v['failed']::BIGINT, (s.v['n'] - s.v['completed'])::BIGINT)
    AS failed,
  s.duration,
  coalesce(q.total_input_tokens, s.v['total_input_tokens']::BIGINT) AS total_input_tokens,
  coalesce(q.total_output_tokens, s.v['total_output_tokens']::BIGINT) AS total_output_tokens,
  q.total_cached_tokens, q.unknown_output_tokens,
  coalesce(q.completed / nullif(s.duration, 0), s.v['request_throughput']) AS request_throughput,
  coalesce(q.total_output_tokens / nullif(s.duration, 0), s.v['output_throughput'])
    AS output_throughput,
  coalesce((q.total_input_tokens + q.total_output_tokens) / nullif(s.duration, 0),
    s.v['total_token_throughput']) AS total_token_throughput,
  coalesce(q.attained_requests / nullif(s.duration, 0), s.v['request_goodput']) AS request_goodput,
  s.due_duration AS steady_duration,
  q.steady_completed / nullif(s.due_duration, 0) AS steady_request_throughput,
  q.steady_output_tokens / nullif(s.due_duration, 0) AS steady_output_throughput,
  (q.steady_input_tokens + q.steady_output_tokens) / nullif(s.due_duration, 0)
    AS steady_total_token_throughput,
  q.attained_requests / q.n AS attainment,
  q.attained_ttft_requests / q.n AS attainment_ttft,
  q.attained_tpot_requests / q.n AS attainment_tpot,
  coalesce(q.mean_ttft_ms, s.v['mean_ttft_ms']) AS mean_ttft_ms,
  coalesce(percentile.p['ttft'][1], s.v['median_ttft_ms']) AS median_ttft_ms,
  coalesce(q.std_ttft_ms, s.v['std_ttft_ms']) AS std_ttft_ms,
  coalesce(percentile.p['ttft'][2], s.v['p90_ttft_ms']) AS p90_ttft_ms,
  coalesce(percentile.p['ttft'][4], s.v['p99_ttft_ms']) AS p99_ttft_ms,
  -- A tool's clock starts when a request is sent.
  coalesce(q.mean_ttft_sent_ms, s.v['mean_ttft_ms']) AS mean_ttft_sent_ms,
  coalesce(percentile.p['ttft_sent'][1], s.v['median_ttft_ms']) AS median_ttft_sent_ms,
  coalesce(q.std_ttft_sent_ms, s.v['std_ttft_ms']) AS std_ttft_sent_ms,
  coalesce(percentile.p['ttft_sent'][2], s.v['p90_ttft_ms']) AS p90_ttft_sent_ms,
  coalesce(percentile.p['ttft_sent'][4], s.v['p99_ttft_ms']) AS p99_ttft_sent_ms,
  coalesce(q.mean_tpot_ms, s.v['mean_tpot_ms']) AS mean_tpot_ms,
  coalesce(percentile.p['tpot'][1], s.v['median_tpot_ms']) AS median_tpot_ms,
  coalesce(q.std_tpot_ms, s.v['std_tpot_ms']) AS std_tpot_ms,
  coalesce(percentile.p['tpot'][2], s.v['p90_tpot_ms']) AS p90_tpot_ms,
  coalesce(percentile.p['tpot'][4], s.v['p99_tpot_ms']) AS p99_tpot_ms,
  coalesce(gaps.mean_itl_ms, s.v['mean_itl_ms']) AS mean_itl_ms,
  coalesce(percentile.p['itl'][1], s.v['median_itl_ms']) AS median_itl_ms,
  coalesce(gaps.std_itl_ms, s.v['std_itl_ms']) AS std_itl_ms,
  coalesce(percentile.p['itl'][2], s.v['p90_itl_ms']) AS p90_itl_ms,
  coalesce(percentile.p['itl'][4], s.v['p99_itl_ms']) AS p99_itl_ms,
  coalesce(q.mean_e2el_ms, s.v['mean_e2el_ms']) AS mean_e2el_ms,
  coalesce(percentile.p['e2el'][1], s.v['median_e2el_ms']) AS median_e2el_ms,
  coalesce(q.std_e2el_ms, s.v['std_e2el_ms']) AS std_e2el_ms,
  coalesce(percentile.p['e2el'][2], s.v['p90_e2el_ms']) AS p90_e2el_ms,
  coalesce(percentile.p['e2el'][4], s.v['p99_e2el_ms']) AS p99_e2el_ms,
  coalesce(percentile.p['ttft_bound'][1], s.v['median_ttft_ms']) AS median_ttft_bound_ms,
  coalesce(percentile.p['ttft_bound'][2], s.v['p90_ttft_ms']) AS p90_ttft_bound_ms,
  coalesce(percentile.p['ttft_bound'][4], s.v['p99_ttft_ms']) AS p99_ttft_bound_ms,
  q.long_waits >= q.n - ceil(0.5::DOUBLE * (q.n - 1)) AS median_ttft_censored,
  q.long_waits >= q.n - ceil(0.9::DOUBLE * (q.n - 1)) AS p90_ttft_censored,
  q.long_waits >= q.n - ceil(0.99::DOUBLE * (q.n - 1)) AS p99_ttft_censored,
  coalesce(s.peak, s.v['max_concurrent_requests']::BIGINT) AS max_concurrent_requests,
  percentile.p['queue'][4] AS p99_queue_ms, s.as_reported,
  coalesce((q.n - q.completed) / nullif(q.n, 0),
    coalesce(s.v['failed'], s.v['n'] - s.v['completed']) / nullif(s.v['n'], 0)) AS failure_ratio,
  q.mean_input_tokens, q.mean_output_tokens, q.cached_share,
  q.min_ttft_ms, q.max_ttft_ms, gaps.max_itl_ms,
  percentile.p['ttft'][3] AS p95_ttft_ms, percentile.p['tpot'][3] AS p95_tpot_ms,
  percentile.p['itl'][3] AS p95_itl_ms,
  percentile.p['e2el'][3] AS p95_e2el_ms,
  coalesce(q.mean_ttft_bound_ms, s.v['mean_ttft_ms']) AS mean_ttft_bound_ms,
  percentile.p['ttft_bound'][3] AS p95_ttft_bound_ms,
  coalesce(q.mean_tpot_bound_ms, s.v['mean_tpot_ms']) AS mean_tpot_bound_ms,
  coalesce(percentile.p['tpot_bound'][1], s.v['median_tpot_ms']) AS median_tpot_bound_ms,
  coalesce(percentile.p['tpot_bound'][2], s.v['p90_tpot_ms']) AS p90_tpot_bound_ms,
  percentile.p['tpot_bound'][3] AS p95_tpot_bound_ms,
  coalesce(percentile.p['tpot_bound'][4], s.v['p99_tpot_ms']) AS p99_tpot_bound_ms,
  coalesce((gaps.mean_itl_ms * gaps.gaps + coalesce(worst_itl_ms * lost_gaps, 0))
      / (gaps.gaps + coalesce(lost_gaps, 0)), s.v['mean_itl_ms']) AS mean_itl_bound_ms,
  coalesce(percentile.p['itl_bound'][1], s.v['median_itl_ms']) AS median_itl_bound_ms,
  coalesce(percentile.p['itl_bound'][2], s.v['p90_itl_ms']) AS p90_itl_bound_ms,
  percentile.p['itl_bound'][3] AS p95_itl_bound_ms,
  coalesce(percentile.p['itl_bound'][4], s.v['p99_itl_ms']) AS p99_itl_bound_ms,
  coalesce(q.mean_e2el_bound_ms, s.v['mean_e2el_ms']) AS mean_e2el_bound_ms,
  coalesce(percentile.p['e2el_bound'][1], s.v['median_e2el_ms']) AS median_e2el_bound_ms,
  coalesce(percentile.p['e2el_bound'][2], s.v['p90_e2el_ms']) AS p90_e2el_bound_ms,
  percentile.p['e2el_bound'][3] AS p95_e2el_bound_ms,
  coalesce(percentile.p['e2el_bound'][4], s.v['p99_e2el_ms']) AS p99_e2el_bound_ms,
  memory_peak.gpu_peak_gb, memory_peak.host_peak_gb
FROM span_of s
LEFT JOIN request q ON q.run = s.run AND q.scope = s.scope
LEFT JOIN gaps ON gaps.run = s.run AND gaps.scope = s.scope
LEFT JOIN lost ON lost.run = s.run AND lost.scope = s.scope
LEFT JOIN percentile ON percentile.run = s.run AND percentile.scope = s.scope
LEFT JOIN memory_peak ON memory_peak.run = s.run;
