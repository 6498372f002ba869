-- title: How many outputs are identical to the baseline's
-- meaning: A row for each strategy and load point: requests are paired with the baseline's run of
-- meaning: the same seed and repeat by ordinal, which is the same prompt, and are identical if the
-- meaning: hashes of their output texts are. Only pairs that both ended well and have a text count.
-- none: No request pairs with the baseline's run of the same schedule, or no output text was received.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: baseline TEXT: strategy that the others are compared with
-- column: experiment: experiment
-- column: strategy: strategy
-- column: load_point: load point
-- column: runs: pairs of runs
-- column: pairs: pairs of requests
-- column: identical (0 to 1): share of identical outputs
-- column: same_length (0 to 1): share with equally many output tokens
-- column: first_difference: smallest ordinal that differs
WITH
  request AS (
    SELECT c.experiment, c.strategy, c.load_point, c.rate, c.concurrency, c.repeat, c.seed,
      array_to_string(list_transform(map_entries(c.parameters), lambda e: e.key || '=' || e.value),
        ' ') AS parameters, c.run, f.ordinal, f.output_hash, f.output_tokens
    FROM counted_runs c JOIN finished_requests f ON f.run = c.run
    WHERE f.phase = 'MEASURE' AND f.outcome = 'OK' AND f.output_hash IS NOT NULL
      AND ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
  )
SELECT a.experiment, a.strategy, a.load_point, count(DISTINCT a.run) AS runs, count(*) AS pairs,
  avg((a.output_hash = b.output_hash)::INT) AS identical,
  avg((a.output_tokens IS NOT DISTINCT FROM b.output_tokens)::INT) AS same_length,
  min(a.ordinal) FILTER (WHERE a.output_hash <> b.output_hash) AS first_difference
FROM request a JOIN request b ON b.strategy = $baseline::VARCHAR AND b.experiment = a.experiment
  AND b.load_point = a.load_point AND b.parameters = a.parameters AND b.repeat = a.repeat
  AND b.seed = a.seed AND b.ordinal = a.ordinal
WHERE a.strategy <> $baseline::VARCHAR
GROUP BY a.experiment, a.strategy, a.load_point
ORDER BY a.experiment, min(a.rate) NULLS LAST, min(a.concurrency) NULLS LAST, a.load_point, a.strategy
