-- Of each request: events sent, ends, chunks, tokens, and sums of chunk numbers and times.
WITH
  gone AS (
    SELECT *, coalesce(flags, 1) >> 8 AS epoch, coalesce(sum(gap_ns) OVER w, 0)::BIGINT AS gone_ns
    FROM token
    WINDOW w AS (PARTITION BY run_code, ordinal, coalesce(flags, 1) >> 8 ORDER BY index)
  ),
  chunk AS (
    SELECT *, last_value(at_ns - gone_ns IGNORE NULLS) OVER w + gone_ns AS time_ns
    FROM gone WINDOW w AS (PARTITION BY run_code, ordinal, epoch ORDER BY index)
  ),
  event AS (
    SELECT run, ordinal, 1 AS sent, 0 AS ended, 0 AS chunks, 0 AS tokens, 0 AS index,
      at_ns % 1000003 AS time FROM request_sent
    UNION ALL
    SELECT run, ordinal, 0, 1, 0, 0, 0, at_ns % 1000003 FROM request_finished
    UNION ALL
    SELECT c.run, t.ordinal, 0, 0, 1,
      CASE WHEN t.tokens IS NULL OR t.tokens < 0 THEN 1 ELSE t.tokens END, t.index,
      t.time_ns % 1000003
    FROM chunk t JOIN run_code c ON c.code = t.run_code
  )
SELECT run, ordinal, sum(sent)::BIGINT, sum(ended)::BIGINT, sum(chunks)::BIGINT,
  sum(tokens)::BIGINT, sum(index)::BIGINT, sum(time)::BIGINT
FROM event GROUP BY run, ordinal
