package dev.kvasir.sink.figure;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Something that a run shows while it goes on.
 *
 * @param template the SQL that finds it
 * @param value its value there, an expression
 * @param title the axis' title, with the unit
 */
record OverTime(String template, String value, String title) {

  private static final Map<String, OverTime> NAMED =
      Map.ofEntries(
          Map.entry("p50-ttft", window("ttft_p50_ns / 1e6", "P50 TTFT (ms)")),
          Map.entry("p90-ttft", window("ttft_p90_ns / 1e6", "P90 TTFT (ms)")),
          Map.entry("p99-ttft", window("ttft_p99_ns / 1e6", "P99 TTFT (ms)")),
          Map.entry("p50-itl", window("itl_p50_ns / 1e6", "P50 ITL (ms)")),
          Map.entry("p99-itl", window("itl_p99_ns / 1e6", "P99 ITL (ms)")),
          Map.entry("attainment", window("100 * attainment", "SLO attainment (%)")),
          Map.entry("tokens-per-s", window("tokens / seconds", "Output throughput (tokens/s)")),
          Map.entry("resident-mb", process("resident_bytes", "s.value / 1e6", "Resident (MB)")),
          Map.entry("threads", process("threads", "s.value", "Threads")),
          Map.entry("open-files", process("open_files", "s.value", "Open files")));

  private static OverTime window(String value, String title) {
    return new OverTime("drift", value, title);
  }

  private static OverTime process(String sample, String value, String title) {
    return new OverTime(
        "footprint", "CASE WHEN s.name = '%s' THEN %s END".formatted(sample, value), title);
  }

  /**
   * What has a name.
   *
   * @throws IllegalArgumentException if nothing has
   */
  static OverTime named(String name) {
    OverTime found = NAMED.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "a drift shows one of %s, not %s"
              .formatted(NAMED.keySet().stream().sorted().collect(Collectors.joining(", ")), name));
    }
    return found;
  }
}
