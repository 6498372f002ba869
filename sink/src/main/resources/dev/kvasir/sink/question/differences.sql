-- title: What differs between runs besides their strategy
-- meaning: A row for each property that is not equal, and each strategy: its values over all ended
-- meaning: runs that were not retracted. Numbers that differ in one of these may differ for that
-- meaning: reason and not for the strategy's. What a server that failed left unknown is no difference.
-- none: Nothing differs besides the strategy.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: subjects TEXT = NULL: only these, as experiment/strategy, separated by commas
-- column: property: model, engine, GPU, workload, output policy, SLO, …
-- column: strategy: strategy, with its experiment before it
-- column: values: its values
WITH
  chosen AS (
    SELECT *, experiment || '/' || strategy AS subject FROM runs
    WHERE verdict IS NOT NULL AND verdict <> 'retracted'
      AND ($experiment::VARCHAR IS NULL OR experiment = $experiment::VARCHAR)
      AND ($subjects::VARCHAR IS NULL
        OR list_contains(string_split($subjects::VARCHAR, ','), experiment || '/' || strategy))
  ),
  property AS (
    SELECT subject, verdict, unnest([
      {'property': 'model', 'value': model},
      {'property': 'engine', 'value': concat_ws(' ', engine, engine_version)},
      {'property': 'GPUs', 'value': concat_ws(' × ', gpus, coalesce(labels['gpu'], derived['gpu']))},
      {'property': 'protocol', 'value': protocol},
      {'property': 'workload', 'value': workload},
      {'property': 'workload hash', 'value': left(workload_hash, 12)},
      {'property': 'output policy', 'value': concat_ws(' ',
        coalesce(planned_output_tokens || ' tokens', 'as the server decides'),
        CASE WHEN ignore_eos THEN 'ignoring EOS' END)},
      {'property': 'SLO', 'value': concat_ws(', ', 'TTFT ' || ttft_slo_ms || ' ms',
        'TPOT ' || tpot_slo_ms || ' ms', 'target ' || slo_target)},
      {'property': 'passes', 'value': passes::VARCHAR},
      {'property': 'client host', 'value': host}], recursive := true)
    FROM chosen
  ),
  said AS (
    SELECT property, subject,
      string_agg(DISTINCT coalesce(nullif(value, ''), 'unknown'), '; '
        ORDER BY coalesce(nullif(value, ''), 'unknown')) AS values
    FROM property WHERE verdict <> 'server-failed' OR coalesce(value, '') <> '' GROUP BY ALL
  )
SELECT property, subject AS strategy, values FROM said
QUALIFY count(DISTINCT values) OVER (PARTITION BY property) > 1
ORDER BY list_position(['model', 'engine', 'GPUs', 'protocol', 'workload', 'workload hash',
  'output policy', 'SLO', 'passes', 'client host'], property), subject
