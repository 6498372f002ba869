-- title: Runs with their configuration
-- meaning: A row for each run, the newest first: what was measured, against which server, under
-- meaning: which load and parallelism, from which files, and its verdict.
-- none: There is no run.
-- parameter: experiment TEXT = NULL: only this experiment
-- column: id: run
-- column: experiment: experiment
-- column: strategy: strategy
-- column: model: model
-- column: load: load point
-- column: arrivals: arrival process
-- column: repeat: which repeat of its cell
-- column: concurrency (requests): closed loop's requests in flight
-- column: gpus: GPUs that serve
-- column: parallelism: parallel sizes among labels and parameters
-- column: engine: engine
-- column: url: server
-- column: workload: workload
-- column: file: file of the prompts
-- column: requests: measured requests: planned, or what they came to where a duration decides
-- column: passes: plays of the schedule
-- column: labels: labels, corrections applied
-- column: parameters: varied parameters
-- column: started_at: start
-- column: verdict: verdict, or running
-- column: reasons: why
SELECT
  id, experiment, strategy, model, load_point AS load, arrivals, repeat,
  concurrency, gpus,
  array_to_string(
    list_transform(
      list_filter(
        map_entries(map_concat(derived, labels, parameters)),
        lambda entry: contains(lower(entry.key), 'parallel')),
      lambda entry: entry.key || '=' || entry.value),
    ' ') AS parallelism,
  engine, url, workload, workload_file AS file, coalesce(planned_requests, ended) AS requests, passes,
  labels, parameters, started_at,
  coalesce(verdict, 'running') AS verdict, reasons
FROM runs
LEFT JOIN (
  SELECT run, list_sum(map_values(outcomes))::BIGINT AS ended FROM run_finished
  QUALIFY row_number() OVER (PARTITION BY run ORDER BY rowid DESC) = 1
) USING (run)
WHERE $experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR
ORDER BY started_at DESC, id
