-- A chunk's gap is stored, and its time only where no stored chunk tells it.
CREATE TABLE spaced_token AS
SELECT run_code, ordinal, index, gap_ns, CASE WHEN gap_ns IS NULL THEN at_ns END AS at_ns, tokens,
  read_batch, flags
FROM (
  SELECT *, CASE WHEN lag(index) OVER w = index - 1 THEN at_ns - lag(at_ns) OVER w END AS gap_ns
  FROM token
  WINDOW w AS (PARTITION BY run_code, ordinal, coalesce(flags, 1) >> 8 ORDER BY index)
);
DROP TABLE token;
ALTER TABLE spaced_token RENAME TO token;
