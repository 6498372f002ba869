-- title: Which cells no other cell beats in both latency and throughput
-- meaning: A row for each cell, means over its repeats. With convention `latency` a cell is better
-- meaning: with a smaller mean TTFT and more tokens per second; with `user`, with more output tokens
-- meaning: per second for each user (output throughput divided by the requests in flight at peak)
-- meaning: and more for each GPU. A cell is on the frontier if none is at least as good in both and
-- meaning: better in one; failures count as at least their time limit.
-- none: No counted run has both a latency and a throughput.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: convention TEXT(latency|user) = latency: latency or user
-- column: experiment: experiment
-- column: strategy: strategy
-- column: cell: cell
-- column: x (ms, or tokens/s/user): what is on the horizontal axis
-- column: y (tokens/s, or tokens/s/GPU): what is on the vertical axis
-- column: repeats: runs counted
-- column: frontier: whether the cell is on the frontier
WITH
  run AS (
    SELECT c.experiment, c.strategy, c.cell,
      CASE WHEN $convention::VARCHAR = 'user'
        THEN r.output_throughput / nullif(r.max_concurrent_requests, 0)
        ELSE r.mean_ttft_bound_ms END AS x,
      CASE WHEN $convention::VARCHAR = 'user' THEN r.output_throughput / coalesce(r.gpus, 1)
        ELSE r.total_token_throughput END AS y
    FROM counted_runs c JOIN results r ON r.run = c.run
    WHERE $experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR
  ),
  cell AS (
    SELECT experiment, strategy, cell, avg(x) AS x, avg(y) AS y, count(*) AS repeats,
      CASE WHEN $convention::VARCHAR = 'user' THEN -1 ELSE 1 END * avg(x) AS cost
    FROM run WHERE x IS NOT NULL AND y IS NOT NULL GROUP BY ALL
  )
SELECT experiment, strategy, cell, x, y, repeats,
  NOT EXISTS (
    SELECT 1 FROM cell o WHERE o.experiment = c.experiment AND o.cost <= c.cost AND o.y >= c.y
      AND (o.cost < c.cost OR o.y > c.y)) AS frontier
FROM cell c ORDER BY experiment, x, y DESC, cell
