-- Statistics that queries share; dev.kvasir.sink.statistics defines the same in Java.

-- The 97.5 % quantile of Student's t for 1 to 8 degrees of freedom.
CREATE OR REPLACE MACRO t_quantile_975(df) AS
  [12.706204736174698, 4.302652729749464, 3.182446305283710, 2.776445105197793, 2.570581835636314,
   2.446911851144969, 2.364624251592785, 2.306004135204167][df];

-- The mean of the b-th resample of some values; the same values give the same resamples.
CREATE OR REPLACE MACRO resampled_mean(samples, b) AS
  list_avg(list_transform(range(len(samples)), lambda i:
    samples[1 + (md5_number_lower(b || ':' || i) % len(samples)::UBIGINT)::BIGINT]));

CREATE OR REPLACE MACRO bootstrap_means(samples) AS
  list_transform(range(1000), lambda b: resampled_mean(samples, b));

-- Mean, population standard deviation and 95 % interval of the mean of a list without NULLs, one
-- value for each repeat: Student's t below 10 values, 1,000 bootstrap resamples from 10 on; no
-- interval below 2.
CREATE OR REPLACE MACRO interval95(samples) AS
  CASE
    WHEN len(samples) IS NULL OR len(samples) = 0
      THEN {'n': 0::BIGINT, 'mean': NULL::DOUBLE, 'std': NULL::DOUBLE, 'low': NULL::DOUBLE,
        'high': NULL::DOUBLE}
    WHEN len(samples) = 1
      THEN {'n': 1::BIGINT, 'mean': samples[1]::DOUBLE, 'std': NULL::DOUBLE, 'low': NULL::DOUBLE,
        'high': NULL::DOUBLE}
    WHEN len(samples) < 10
      THEN {'n': len(samples)::BIGINT, 'mean': list_avg(samples)::DOUBLE,
        'std': list_stddev_pop(samples)::DOUBLE,
        'low': (list_avg(samples) - t_quantile_975(len(samples) - 1)
          * list_stddev_samp(samples) / sqrt(len(samples)))::DOUBLE,
        'high': (list_avg(samples) + t_quantile_975(len(samples) - 1)
          * list_stddev_samp(samples) / sqrt(len(samples)))::DOUBLE}
    ELSE {'n': len(samples)::BIGINT, 'mean': list_avg(samples)::DOUBLE,
        'std': list_stddev_pop(samples)::DOUBLE,
        'low': list_aggregate(bootstrap_means(samples), 'quantile_cont', 0.025)::DOUBLE,
        'high': list_aggregate(bootstrap_means(samples), 'quantile_cont', 0.975)::DOUBLE}
  END;

-- Whether a value is on the wrong side of a limit: above it for a metric that should be small
-- (rising), below it for one that should be large.
CREATE OR REPLACE MACRO fails(value, bound, rising) AS
  CASE WHEN rising THEN value > bound ELSE value < bound END;

-- Where a curve crosses a limit, by linear interpolation between neighbouring points (xs ascending,
-- no NULLs): the first and the last crossing; `low`, the largest x up to which every point is on
-- the right side, and `high`, the smallest from which every point is on the wrong one; `censored`,
-- when there is no crossing: left if every point is on the wrong side, right if none is.
CREATE OR REPLACE MACRO crossed_at(xs, ys, bound, rising) AS
  list_transform(
    list_filter(range(1, len(xs)), lambda i:
      fails(ys[i], bound, rising) <> fails(ys[i + 1], bound, rising)),
    lambda i: xs[i] + (bound - ys[i]) * (xs[i + 1] - xs[i]) / (ys[i + 1] - ys[i]));

CREATE OR REPLACE MACRO crossing(xs, ys, bound, rising) AS {
  'points': len(xs)::BIGINT,
  'first': crossed_at(xs, ys, bound, rising)[1]::DOUBLE,
  'last': crossed_at(xs, ys, bound, rising)[-1]::DOUBLE,
  'low': list_filter(xs, lambda x, i:
    len(list_filter(range(1, i + 1), lambda k: fails(ys[k], bound, rising))) = 0)[-1]::DOUBLE,
  'high': list_filter(xs, lambda x, i:
    len(list_filter(range(i, len(xs) + 1), lambda k: NOT fails(ys[k], bound, rising))) = 0)[1]::DOUBLE,
  'censored': CASE
    WHEN len(xs) = 0 OR len(crossed_at(xs, ys, bound, rising)) > 0 THEN NULL
    WHEN fails(ys[1], bound, rising) THEN 'left' ELSE 'right' END,
  'monotone': len(list_filter(range(1, len(xs)), lambda i:
    CASE WHEN rising THEN ys[i + 1] < ys[i] ELSE ys[i + 1] > ys[i] END)) = 0
};

-- Whether a request meets a limit (NULL: none). One output token meets every limit of the time per
-- token; an unknown number of tokens meets none.
CREATE OR REPLACE MACRO meets_ttft(outcome, ttft_ms, bound) AS
  outcome = 'OK' AND (bound IS NULL OR coalesce(ttft_ms <= bound, false));

CREATE OR REPLACE MACRO meets_tpot(outcome, output_tokens, tpot_ms, bound) AS
  outcome = 'OK' AND (bound IS NULL OR (output_tokens IS NOT NULL
    AND (output_tokens <= 1 OR coalesce(tpot_ms <= bound, false))));

-- The 97.5 % quantile of Student's t for any degrees of freedom from 1 up: linear in their
-- reciprocal between the tabulated ones, the normal distribution's at infinity.
CREATE OR REPLACE MACRO t_quantile_975_at(df) AS
  CASE
    WHEN df IS NULL THEN NULL
    WHEN df >= 8 THEN 1.959963984540054
      + (2.306004135204167 - 1.959963984540054) * 8 / df
    ELSE t_quantile_975(floor(greatest(df, 1))::BIGINT)
      + (t_quantile_975(floor(greatest(df, 1))::BIGINT + 1)
        - t_quantile_975(floor(greatest(df, 1))::BIGINT))
      * (1 / floor(greatest(df, 1)) - 1 / greatest(df, 1))
      / (1 / floor(greatest(df, 1)) - 1 / (floor(greatest(df, 1)) + 1))
  END;

-- A length that groups runs: its first digit where it is within 2 % of that, else two digits.
CREATE OR REPLACE MACRO rounded_to_digits(length, digits) AS
  CASE WHEN length <= 0 THEN length
    ELSE round(length / 10 ** (floor(log10(length)) + 1 - digits))
      * 10 ** (floor(log10(length)) + 1 - digits) END;

CREATE OR REPLACE MACRO rounded_to_two(length) AS
  CASE WHEN abs(rounded_to_digits(length, 1) - length) <= 0.02 * length
    THEN rounded_to_digits(length, 1) ELSE rounded_to_digits(length, 2) END::BIGINT;
