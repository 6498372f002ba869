package dev.kvasir.sink.figure;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that can stand on an axis.
 *
 * @param sql its value, an expression over a row of {@code figure_runs}
 * @param censored whether the value is a lower bound, an expression
 * @param title the axis' title, with the unit
 * @param percent whether it is a share to show as per cent
 * @param smallerIsBetter whether less is better
 */
record Quantity(
    String sql, String censored, String title, boolean percent, boolean smallerIsBetter) {

  private static final Pattern LATENCY =
      Pattern.compile("(mean|median|p50|p90|p95|p99)-(ttft|itl|tpot|e2e)");
  private static final Pattern SCORE = Pattern.compile("score:([\\w.-]+)");
  private static final Pattern KEY = Pattern.compile("[A-Za-z][\\w.-]*");
  private static final Map<String, Double> LEVELS =
      Map.of("median", 0.5, "p50", 0.5, "p90", 0.9, "p95", 0.95, "p99", 0.99);

  /** Columns with a title of their own. */
  private static final Map<String, Quantity> NAMED =
      Map.ofEntries(
          Map.entry("rate", plain("rate", "Request rate (requests/s)")),
          Map.entry("rate-per-gpu", plain("rate_per_gpu", "Request rate per GPU (requests/s)")),
          Map.entry("concurrency", plain("concurrency", "Requests in flight")),
          Map.entry("input-len", plain("input_len", "Prompt length (tokens)")),
          Map.entry("output-len", plain("output_len", "Output length (tokens)")),
          Map.entry("repeat", plain("repeat", "Repeat")),
          Map.entry("tokens-per-s", plain("output_throughput", "Output throughput (tokens/s)")),
          Map.entry(
              "total-tokens-per-s", plain("total_token_throughput", "Total throughput (tokens/s)")),
          Map.entry(
              "steady-tokens-per-s",
              plain("steady_output_throughput", "Steady output throughput (tokens/s)")),
          Map.entry(
              "requests-per-s", plain("request_throughput", "Completed requests (requests/s)")),
          Map.entry("goodput", plain("attained_per_s", "Goodput (requests/s)")),
          Map.entry("attainment", share("attained", "SLO attainment (%)")),
          Map.entry("attainment-ttft", share("attained_ttft", "TTFT attainment (%)")),
          Map.entry("attainment-tpot", share("attained_tpot", "TPOT attainment (%)")),
          Map.entry("failure-ratio", share("failure_ratio", "Failed requests (%)")),
          Map.entry("cached-share", share("cached_share", "Cached prompt tokens (%)")),
          Map.entry(
              "tokens-per-s-per-user",
              plain(
                  "output_throughput / nullif(max_concurrent_requests, 0)",
                  "Output throughput per user (tokens/s)")),
          Map.entry(
              "tokens-per-s-per-gpu",
              plain(
                  "output_throughput / coalesce(gpus, 1)", "Output throughput per GPU (tokens/s)")),
          Map.entry("gpu-peak-gb", plain("gpu_peak_gb", "Peak GPU memory, observed (GB)")),
          Map.entry("host-peak-gb", plain("host_peak_gb", "Peak host memory, observed (GB)")),
          Map.entry("kv-share", labelled("kv-share", "Share of the KV cache kept")));

  private static Quantity plain(String sql, String title) {
    return new Quantity(sql, "false", title, false, false);
  }

  private static Quantity share(String sql, String title) {
    return new Quantity(sql, "false", title, true, title.startsWith("Failed"));
  }

  /** A number that a varied parameter or a label carries. */
  private static Quantity labelled(String key, String title) {
    return plain(
        "try_cast(nullif(regexp_extract(%s, '-?[0-9]+[.]?[0-9]*'), '') AS DOUBLE)"
            .formatted(text(key)),
        title);
  }

  /** The text of a parameter or label. */
  static String text(String key) {
    String quoted = "'" + key.replace("'", "''") + "'";
    String other = "'" + key.replace("'", "''").replace('-', '_') + "'";
    return ("coalesce(parameters[%1$s], labels[%1$s], derived[%1$s], parameters[%2$s],"
            + " labels[%2$s], derived[%2$s])")
        .formatted(quoted, other);
  }

  /**
   * The quantity of a name.
   *
   * @throws IllegalArgumentException if the name can be none
   */
  static Quantity named(String name) {
    Matcher latency = LATENCY.matcher(name);
    if (latency.matches()) {
      return latency(latency.group(1), latency.group(2));
    }
    Quantity known = NAMED.get(name.replace('_', '-'));
    if (known != null) {
      return known;
    }
    Matcher score = SCORE.matcher(name);
    if (score.matches()) {
      return plain("scores['%s']".formatted(score.group(1)), words(score.group(1)));
    }
    if (!KEY.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "%s is no quantity; there are %s, mean-, p50-, p90-, p95- and p99- of ttft, itl, tpot and e2e, score:NAME, and every parameter and label"
              .formatted(name, NAMED.keySet().stream().sorted().toList()));
    }
    return labelled(name, words(name));
  }

  private static Quantity latency(String statistic, String metric) {
    String column = statistic.equals("p50") ? "median" : statistic;
    String name = metric.equals("e2e") ? "e2el" : metric;
    String shown =
        (statistic.equals("mean")
                ? "Mean "
                : statistic.equals("median") ? "Median " : "P" + statistic.substring(1) + " ")
            + metric.toUpperCase(java.util.Locale.ROOT)
            + " (ms)";
    String censored =
        Optional.ofNullable(LEVELS.get(statistic))
            .map(level ->
                "coalesce(failed >= n - ceil(%s::DOUBLE * (n - 1)), false)".formatted(level))
            .orElse("coalesce(failed > 0, false)");
    return new Quantity("%s_%s_bound_ms".formatted(column, name), censored, shown, false, true);
  }

  /** A key as words: its last part is a unit if it is known as one. */
  private static String words(String key) {
    String spaced = key.replace('_', ' ').replace('-', ' ');
    Matcher unit = Pattern.compile("(.+) (gb|gib|ms|s|tokens|gbps|percent)").matcher(spaced);
    String text = unit.matches() ? unit.group(1) : spaced;
    String capital = Character.toUpperCase(text.charAt(0)) + text.substring(1);
    return unit.matches()
        ? "%s (%s)"
            .formatted(
                capital.replace("Gpu ", "GPU ").replace("Kv ", "KV "),
                unit.group(2)
                    .replace("gbps", "Gb/s")
                    .replace("gb", "GB")
                    .replace("gib", "GiB")
                    .replace("percent", "%"))
        : capital.replace("Gpu ", "GPU ").replace("Kv ", "KV ");
  }
}
