package dev.kvasir.sink.warehouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the table {@code run_summary}: the numbers of runs that have ended, so that queries need
 * not compute them from every token again. A row that comes late takes its run's summary away in
 * its own transaction, so that the table never disagrees with the events. Owned by the loader's
 * thread.
 */
final class RunSummaries {

  private static final Logger LOG = LoggerFactory.getLogger(RunSummaries.class);

  /** Runs that are summarised by one statement: a statement costs more than a small run. */
  private static final int AT_ONCE = 512;

  /** Runs that may have a row: an insertion that reports an error may have been committed. */
  private final Set<Long> kept;

  /** In the order of the log, where neighbours' tokens lie together. */
  private final Set<Long> due;

  private RunSummaries(Set<Long> kept, Set<Long> due) {
    this.kept = kept;
    this.due = due;
  }

  /** Reads which runs are summarised and which should be. */
  static RunSummaries load(Connection connection) throws SQLException {
    return new RunSummaries(
        runs(connection, "SELECT DISTINCT run FROM run_summary"),
        runs(
            connection,
            """
            SELECT DISTINCT run FROM run_finished e
            WHERE NOT EXISTS (SELECT 1 FROM run_summary k WHERE k.run = e.run)
            ORDER BY run
            """));
  }

  private static Set<Long> runs(Connection connection, String sql) throws SQLException {
    Set<Long> runs = new LinkedHashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        runs.add(rows.getLong(1));
      }
    }
    return runs;
  }

  /** Takes the summaries away that a batch makes wrong, in the batch's transaction. */
  void invalidate(Connection connection, Batch batch) throws SQLException {
    Set<Long> wrong = new HashSet<>(batch.measuredRuns());
    wrong.retainAll(kept);
    if (!wrong.isEmpty()) {
      Sql.execute(connection, "DELETE FROM run_summary WHERE run IN (" + list(wrong) + ")");
    }
  }

  /** The batch of {@link #invalidate} was committed. */
  void committed(Batch batch) {
    for (long run : batch.measuredRuns()) {
      if (kept.remove(run)) {
        due.add(run);
      }
    }
    for (long run : batch.endedRuns()) {
      if (!kept.contains(run)) {
        due.add(run);
      }
    }
  }

  /** Whether a run waits for its summary. */
  boolean areDue() {
    return !due.isEmpty();
  }

  /**
   * Summarises a few runs that have ended. Runs whose summary cannot be made (DuckDB lacks memory)
   * are left to be computed by each query.
   */
  void fill(Connection connection) {
    List<Long> next = due.stream().limit(AT_ONCE).toList();
    try {
      Sql.execute(
          connection,
          "INSERT INTO run_summary SELECT * FROM summary_of([%s]::BIGINT[])".formatted(list(next)));
    } catch (SQLException e) {
      LOG.warn(
          "runs are not summarised and cost more to ask runs={} reason=\"{}\"",
          next.size(),
          e.getMessage());
    }
    kept.addAll(next);
    next.forEach(due::remove);
  }

  private static String list(Collection<Long> runs) {
    return runs.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
