-- title: How many requests failed, and how
-- meaning: A row for each cell and kind of failure (`any` for all of them): over every measured
-- meaning: request of the counted runs, those never sent included. `first_error` is one text.
-- none: No counted run has measured requests; a file without requests tells no failures.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: cell: cell
-- column: failure: outcome of the request, with its HTTP status where there is one
-- column: requests: measured requests of the cell
-- column: failed: of these, failed so
-- column: ratio (0 to 1): failed divided by requests
-- column: first_error: text of the first such failure
WITH
  request AS (
    SELECT c.experiment, c.cell, c.rate, c.concurrency, f.outcome, f.status, f.error, f.end_at_ns,
      count(*) OVER (PARTITION BY c.experiment, c.cell) AS requests
    FROM counted_runs c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE'
      AND ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
  ),
  kind AS (
    SELECT *, unnest(CASE WHEN outcome = 'OK' THEN ['any'] ELSE ['any',
      lower(replace(outcome, '_', '-')) || coalesce(' ' || status, '')] END) AS failure
    FROM request
  )
SELECT experiment, cell, failure, any_value(requests) AS requests,
  count(*) FILTER (WHERE outcome <> 'OK') AS failed,
  count(*) FILTER (WHERE outcome <> 'OK') / any_value(requests) AS ratio,
  arg_min(error, end_at_ns) FILTER (WHERE outcome <> 'OK' AND error IS NOT NULL) AS first_error
FROM kind GROUP BY experiment, cell, failure
ORDER BY experiment, min(rate) NULLS LAST, min(concurrency) NULLS LAST, cell, failure
