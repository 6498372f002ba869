-- title: How much memory a strategy saves
-- meaning: A row for each strategy but the baseline: 1 minus its peak GPU memory divided by the
-- meaning: baseline's, means over runs, with basis `measured`. Where a peak was not observed but the
-- meaning: bits of both KV caches are known (label `kv-bits`, the derived `k_bits` and `v_bits`, or digits
-- meaning: in `kv_dtype`), the row has basis `estimated` and says what share of the KV cache's bytes, not of
-- meaning: the GPU's memory, the smaller values save. Otherwise the basis is `unknown` and the share NULL.
-- none: No counted run is of another strategy than the baseline.
-- parameter: experiment TEXT = NULL: only this experiment
-- parameter: baseline TEXT: strategy that the others are compared with
-- column: experiment: experiment
-- column: strategy: strategy
-- column: basis: measured, estimated or unknown
-- column: peak_gb (GB): peak GPU memory
-- column: baseline_gb (GB): the baseline's
-- column: saved (0 to 1): share saved
WITH
  run AS (
    SELECT c.experiment, c.strategy, r.gpu_peak_gb,
      coalesce(
        try_cast(coalesce(c.labels['kv-bits'], c.labels['kv_bits']) AS DOUBLE),
        (try_cast(coalesce(c.labels['k_bits'], c.derived['k_bits']) AS DOUBLE)
          + try_cast(coalesce(c.labels['v_bits'], c.derived['v_bits']) AS DOUBLE)) / 2,
        CASE WHEN coalesce(c.labels['kv_dtype'], c.derived['kv_dtype'])
          IN ('auto', 'bf16', 'f16', 'bfloat16', 'float16') THEN 16
          ELSE try_cast(nullif(regexp_extract(
            coalesce(c.labels['kv_dtype'], c.derived['kv_dtype']), '([0-9]+)', 1), '') AS DOUBLE)
          END) AS bits
    FROM counted_runs c JOIN results r ON r.run = c.run
    WHERE $experiment::VARCHAR IS NULL OR c.experiment = $experiment::VARCHAR
  ),
  strategy AS (
    SELECT experiment, strategy, avg(gpu_peak_gb) AS peak_gb, avg(bits) AS bits FROM run GROUP BY ALL
  )
SELECT s.experiment, s.strategy,
  CASE WHEN s.peak_gb IS NOT NULL AND b.peak_gb IS NOT NULL THEN 'measured'
    WHEN s.bits IS NOT NULL AND b.bits IS NOT NULL THEN 'estimated' ELSE 'unknown' END AS basis,
  s.peak_gb, b.peak_gb AS baseline_gb,
  coalesce(1 - s.peak_gb / nullif(b.peak_gb, 0), 1 - s.bits / nullif(b.bits, 0)) AS saved
FROM strategy s
JOIN strategy b ON b.experiment = s.experiment AND b.strategy = $baseline::VARCHAR
WHERE s.strategy <> $baseline::VARCHAR
ORDER BY s.experiment, s.strategy
