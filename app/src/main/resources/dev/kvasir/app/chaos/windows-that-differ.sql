-- Windows whose counts are not those of the events in their seconds; a chunk of unknown size is one.
WITH
  chunk AS (
    SELECT run, at_ns // 1000000000 AS second, count(*) AS n, sum(coalesce(tokens, 1)) AS t FROM tokens
    WHERE phase = 'MEASURE' GROUP BY ALL
  ),
  ended AS (
    SELECT run, end_at_ns // 1000000000 AS second, count(*) FILTER (WHERE outcome = 'OK') AS ok,
      count(*) FILTER (WHERE outcome <> 'OK') AS failed, count(*) FILTER (WHERE attained) AS met
    FROM requests WHERE phase = 'MEASURE' GROUP BY ALL
  ),
  chunks AS (
    SELECT w.run, w.seconds, w.end_second, sum(c.n) AS n, sum(c.t) AS t
    FROM windows w JOIN chunk c ON c.run = w.run AND c.second < w.end_second
      AND (w.seconds = 0 OR c.second >= w.end_second - w.seconds)
    GROUP BY ALL
  ),
  ends AS (
    SELECT w.run, w.seconds, w.end_second, sum(e.ok) AS ok, sum(e.failed) AS failed,
      sum(e.met) AS met
    FROM windows w JOIN ended e ON e.run = w.run AND e.second < w.end_second
      AND (w.seconds = 0 OR e.second >= w.end_second - w.seconds)
    GROUP BY ALL
  )
SELECT w.run, w.seconds, w.end_second, w.chunks, c.n, w.tokens, c.t, w.ok, e.ok, w.failed, e.failed,
  w.attained, e.met
FROM windows w
LEFT JOIN chunks c USING (run, seconds, end_second)
LEFT JOIN ends e USING (run, seconds, end_second)
WHERE (w.chunks, w.tokens) IS DISTINCT FROM (coalesce(c.n, 0), coalesce(c.t, 0))
  OR (w.ok, w.failed, w.attained)
    IS DISTINCT FROM (coalesce(e.ok, 0), coalesce(e.failed, 0), coalesce(e.met, 0))
