package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.RunChoice;
import dev.kvasir.app.pipeline.Warehouse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what has the names that a command was given; a name that nothing has would give an empty
 * answer.
 */
final class KnownNames {

  private static final String STRATEGIES =
      """
      SELECT DISTINCT unnest([strategy, series, experiment || '/' || strategy])
      FROM counted_runs WHERE $1 = '' OR experiment = $1
      """;

  private KnownNames() {}

  /**
   * The parameters, the run by its id.
   *
   * @throws Refusal if there is no such experiment, strategy, run or metric
   */
  static Map<String, String> checked(Warehouse warehouse, Map<String, String> parameters) {
    Map<String, String> checked = new LinkedHashMap<>(parameters);
    requireExperiment(warehouse, parameters.get("experiment"));
    String experiment = parameters.getOrDefault("experiment", "");
    for (String name : List.of("baseline", "strategy")) {
      String strategy = parameters.get(name);
      if (strategy != null) {
        List<String> known = texts(warehouse, STRATEGIES, experiment);
        require(
            known.contains(strategy),
            "no counted run has the strategy %s (--%s)".formatted(strategy, name),
            texts(
                warehouse,
                "SELECT DISTINCT strategy FROM counted_runs WHERE $1 = '' OR experiment = $1 ORDER BY 1",
                experiment));
      }
    }
    String metric = parameters.get("metric");
    if (metric != null) {
      List<String> metrics =
          texts(
              warehouse,
              """
              SELECT column_name FROM duckdb_columns() WHERE table_name = 'run_summary'
                AND column_name NOT IN ('run', 'scope', 'as_reported') ORDER BY column_index
              """);
      require(metrics.contains(metric), "there is no metric " + metric, metrics);
    }
    checked.computeIfPresent("run", (_, run) -> run(warehouse, run).id());
    return checked;
  }

  /**
   * Requires that an experiment has runs.
   *
   * @throws Refusal if it has none, naming those that have
   */
  static void requireExperiment(Warehouse warehouse, @Nullable String experiment) {
    if (experiment != null) {
      List<String> known =
          texts(warehouse, "SELECT DISTINCT experiment FROM runs ORDER BY experiment");
      require(known.contains(experiment), "there is no experiment " + experiment, known);
    }
  }

  /**
   * The one run that a name fits.
   *
   * @throws Refusal if it fits none, or several
   */
  static RunChoice run(Warehouse warehouse, String name) {
    List<RunChoice> found = RunChoice.named(warehouse, name);
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new Refusal(
        ExitCode.USAGE,
        found.isEmpty()
            ? "there is no run %s; 'kvasir runs' lists them".formatted(name)
            : "%s fits %d runs, among them %s; give more of the id"
                .formatted(name, found.size(), found.getFirst().id()));
  }

  private static void require(boolean holds, String what, List<String> known) {
    if (!holds) {
      throw new Refusal(
          ExitCode.USAGE,
          known.isEmpty()
              ? what + "; nothing was run or imported here yet"
              : "%s; there are %s".formatted(what, String.join(", ", known)));
    }
  }

  private static List<String> texts(
      Warehouse warehouse, String sql, @Nullable Object... parameters) {
    return warehouse.query(sql, parameters).rows().stream()
        .map(row -> String.valueOf(row.getFirst()))
        .toList();
  }
}
