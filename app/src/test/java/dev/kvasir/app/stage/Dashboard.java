package dev.kvasir.app.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The dashboard that is shipped for Grafana. */
public final class Dashboard {

  private static final Path FILE = Path.of("../docker/grafana/dashboards/kvasir.json");
  private static final Pattern METRIC = Pattern.compile("\\b(?:kvasir|kafka|jvm)_[a-z_]+");

  private Dashboard() {}

  /** The metrics that it asks for and whose names begin so. */
  public static List<String> metrics(String... beginnings) throws IOException {
    return METRIC
        .matcher(Files.readString(FILE))
        .results()
        .map(MatchResult::group)
        .filter(metric -> Stream.of(beginnings).anyMatch(metric::startsWith))
        .distinct()
        .toList();
  }
}
