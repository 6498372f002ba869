package dev.kvasir.app.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The metrics that are spoken of. */
public final class NamedMetrics {

  private static final Path DASHBOARD = Path.of("../docker/grafana/dashboards/kvasir.json");
  private static final Path DOCUMENT = Path.of("../docs/metrics.md");
  private static final Pattern METRIC = Pattern.compile("\\b(?:kvasir|kafka|jvm)_[a-z_]+");

  /** Of some seconds of a run only: while an alert is raised, while a request waits. */
  private static final List<String> AT_TIMES =
      List.of("kvasir_alerts", "kvasir_run_oldest_wait_seconds");

  private NamedMetrics() {}

  /** Those that the dashboard for Grafana asks for and whose names begin so. */
  public static List<String> dashboard(String... beginnings) throws IOException {
    return named(DASHBOARD)
        .filter(metric -> Stream.of(beginnings).anyMatch(metric::startsWith))
        .toList();
  }

  /** Those of the dashboard and of the document that are there all the time of a run. */
  static List<String> always() throws IOException {
    return Stream.concat(named(DASHBOARD), named(DOCUMENT))
        .filter(metric -> !metric.endsWith("_") && !AT_TIMES.contains(metric))
        .distinct()
        .toList();
  }

  private static Stream<String> named(Path file) throws IOException {
    return METRIC.matcher(Files.readString(file)).results().map(MatchResult::group).distinct();
  }
}
