package dev.kvasir.app.pipeline;

import dev.kvasir.sink.warehouse.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs that a person means.
 *
 * @param run number of the run
 * @param id its readable id
 */
public record RunChoice(long run, String id) {

  /** The number of a run, given its id, its number, or an end of its id that no other has. */
  static OptionalLong number(Warehouse warehouse, String name) {
    List<RunChoice> found = named(warehouse, name);
    return found.size() == 1 ? OptionalLong.of(found.getFirst().run()) : OptionalLong.empty();
  }

  /** The runs that a name fits: its id, its number, or an end of its id. */
  public static List<RunChoice> named(Warehouse warehouse, String name) {
    List<RunChoice> exact =
        of(
            warehouse.query(
                "SELECT run, id FROM runs WHERE id = $1 OR run::VARCHAR = $1 ORDER BY run", name));
    return exact.isEmpty()
        ? of(warehouse.query("SELECT run, id FROM runs WHERE ends_with(id, $1) ORDER BY run", name))
        : exact;
  }

  /** The runs of an experiment, or of one strategy in it. */
  public static List<RunChoice> of(
      Warehouse warehouse, String experiment, @Nullable String strategy) {
    return of(
        warehouse.query(
            "SELECT run, id FROM runs WHERE experiment = $1 AND ($2 = '' OR strategy = $2) ORDER BY run",
            experiment,
            strategy == null ? "" : strategy));
  }

  private static List<RunChoice> of(QueryResult found) {
    List<RunChoice> runs = new ArrayList<>();
    for (List<@Nullable Object> row : found.rows()) {
      if (row.get(0) instanceof Number number) {
        runs.add(new RunChoice(number.longValue(), String.valueOf(row.get(1))));
      }
    }
    return runs;
  }
}
