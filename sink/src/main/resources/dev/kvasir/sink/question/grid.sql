-- title: Every pair of input and output length
-- meaning: A row for each strategy and pair of mean input and mean output tokens of a run, each
-- meaning: rounded to two digits, and one of their mean over the pairs (`pair` is Mean). Numbers are
-- meaning: means over the runs; failures count as at least their time limit.
-- none: No counted run says how long its prompts and answers are.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: experiment: experiment
-- column: strategy: strategy
-- column: pair: input and output tokens as `input/output`, or Mean
-- column: input_tokens (tokens): input length; NULL for Mean
-- column: output_tokens (tokens): output length; NULL for Mean
-- column: repeats: runs counted
-- column: output_tokens_per_s (tokens/s): output throughput
-- column: mean_ttft_ms (ms): mean TTFT
-- column: mean_tpot_ms (ms): mean TPOT
-- column: mean_e2e_ms (ms): mean time to the last token
WITH
  run AS (
    SELECT c.experiment, c.strategy,
      rounded_to_two(r.mean_input_tokens) AS input_tokens,
      rounded_to_two(coalesce(r.mean_output_tokens, c.planned_output_tokens)) AS output_tokens,
      r.output_throughput, r.mean_ttft_bound_ms, r.mean_tpot_bound_ms, r.mean_e2el_bound_ms
    FROM counted_runs c JOIN results r ON r.run = c.run
    WHERE ($experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR)
      AND r.mean_input_tokens IS NOT NULL
  ),
  pair AS (
    SELECT experiment, strategy, input_tokens || '/' || output_tokens AS pair, input_tokens,
      output_tokens, count(*) AS repeats, avg(output_throughput) AS output_tokens_per_s,
      avg(mean_ttft_bound_ms) AS mean_ttft_ms, avg(mean_tpot_bound_ms) AS mean_tpot_ms,
      avg(mean_e2el_bound_ms) AS mean_e2e_ms
    FROM run WHERE output_tokens IS NOT NULL GROUP BY ALL
  )
SELECT * FROM pair
UNION ALL
SELECT experiment, strategy, 'Mean', NULL, NULL, sum(repeats)::BIGINT, avg(output_tokens_per_s),
  avg(mean_ttft_ms), avg(mean_tpot_ms), avg(mean_e2e_ms)
FROM pair GROUP BY experiment, strategy
ORDER BY experiment, input_tokens NULLS LAST, output_tokens NULLS LAST, strategy
