package dev.kvasir.producer.sampling;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The metrics that become samples; they stand in {@code server-metrics.csv}. */
final class MetricNames {

  /**
   * How a known metric is recorded.
   *
   * @param name name of its samples
   * @param counter whether it only grows
   */
  record Known(String name, boolean counter) {}

  private static final String TOTAL = "_total";
  private static final Map<String, Known> BY_EXPOSED_NAME = load();

  private MetricNames() {}

  /** Every name that a server may give a known metric. */
  static Set<String> exposed() {
    return BY_EXPOSED_NAME.keySet();
  }

  /** The metric that a server gives this name, one of {@link #exposed}. */
  static Known known(String exposed) {
    Known known = BY_EXPOSED_NAME.get(exposed);
    if (known == null) {
      throw new IllegalArgumentException(exposed + " is not among the known metrics");
    }
    return known;
  }

  private static Map<String, Known> load() {
    try (InputStream list = MetricNames.class.getResourceAsStream("server-metrics.csv")) {
      if (list == null) {
        throw new IllegalStateException("server-metrics.csv is missing beside this class");
      }
      Map<String, Known> names = new HashMap<>();
      new String(list.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> add(line.split(",", -1), names));
      return Map.copyOf(names);
    } catch (IOException e) {
      throw new UncheckedIOException("server-metrics.csv cannot be read", e);
    }
  }

  private static void add(String[] row, Map<String, Known> names) {
    String name = row[0];
    switch (row[1]) {
      case "histogram" -> {
        names.put(name + "_sum", new Known(name + "_sum", true));
        names.put(name + "_count", new Known(name + "_count", true));
      }
      case "counter" -> {
        names.put(name, new Known(name, true));
        if (name.endsWith(TOTAL)) {
          String bare = name.substring(0, name.length() - TOTAL.length());
          names.putIfAbsent(bare, new Known(name, true));
        }
      }
      default -> names.put(name, new Known(name, false));
    }
  }
}
