package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.ArrayList;
import java.util.List;

/** What a person calls the strategies to compare, as experiment/strategy. */
final class Subjects {

  private Subjects() {}

  /**
   * Resolves names: {@code experiment/strategy}, a strategy that one experiment has, or an
   * experiment for all of its strategies.
   *
   * @throws Refusal if a name is none of these, or several experiments have the strategy
   */
  static List<String> resolve(Warehouse warehouse, List<String> names) {
    QueryResult known =
        warehouse.query(
            """
            SELECT experiment, strategy FROM (
              SELECT experiment, strategy, min(started_at) AS first FROM runs
              WHERE verdict IS NOT NULL GROUP BY 1, 2)
            ORDER BY experiment, first\
            """);
    List<String> subjects = new ArrayList<>();
    for (String name : names) {
      List<String> found = find(known, name);
      if (found.isEmpty()) {
        throw new Refusal(
            ExitCode.USAGE,
            known.rows().isEmpty()
                ? "there is no strategy or experiment %s; nothing was run or imported here yet"
                    .formatted(name)
                : "there is no strategy or experiment %s; there are %s"
                    .formatted(name, String.join(", ", all(known))));
      }
      for (String subject : found) {
        if (!subjects.contains(subject)) {
          subjects.add(subject);
        }
      }
    }
    return subjects;
  }

  private static List<String> all(QueryResult known) {
    return known.rows().stream().map(row -> row.get(0) + "/" + row.get(1)).toList();
  }

  private static List<String> find(QueryResult known, String name) {
    List<String> exact = all(known).stream().filter(name::equals).toList();
    if (!exact.isEmpty()) {
      return exact;
    }
    String trimmed = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    String folder = trimmed.substring(trimmed.lastIndexOf('/') + 1);
    List<String> ofExperiment =
        known.rows().stream()
            .filter(row -> trimmed.equals(row.get(0)) || folder.equals(row.get(0)))
            .map(row -> row.get(0) + "/" + row.get(1))
            .toList();
    if (!ofExperiment.isEmpty()) {
      return ofExperiment;
    }
    List<String> ofStrategy =
        known.rows().stream()
            .filter(row -> name.equals(row.get(1)))
            .map(row -> row.get(0) + "/" + row.get(1))
            .toList();
    if (ofStrategy.size() > 1) {
      throw new Refusal(
          ExitCode.USAGE,
          "several experiments have the strategy %s: say which of %s"
              .formatted(name, String.join(", ", ofStrategy)));
    }
    return ofStrategy;
  }
}
