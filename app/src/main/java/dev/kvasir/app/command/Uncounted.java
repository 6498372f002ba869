package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says which runs an answer does not count. */
final class Uncounted {

  private Uncounted() {}

  /**
   * One line if there are any.
   *
   * @param experiment the experiment that was asked about; null for all
   */
  static void say(Terminal terminal, Warehouse warehouse, @Nullable String experiment) {
    QueryResult runs =
        warehouse.query(
            """
            SELECT verdict, count(*) AS runs FROM runs r
            WHERE verdict IS NOT NULL AND (? IS NULL OR experiment = ?)
              AND verdict NOT IN ('valid', 'overloaded', 'server-failed')
            GROUP BY verdict ORDER BY verdict\
            """,
            experiment,
            experiment);
    List<String> texts = new ArrayList<>();
    runs.rows().forEach(row -> texts.add(row.get(1) + " " + row.get(0)));
    if (!texts.isEmpty()) {
      terminal
          .err()
          .println(
              "Not counted where a cell has usable runs: "
                  + String.join(", ", texts)
                  + " (kvasir runs tells why).");
    }
  }
}
