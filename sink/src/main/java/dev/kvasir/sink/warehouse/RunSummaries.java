package dev.kvasir.sink.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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

  /** Tokens of these runs together, unless the first one has more. */
  private static final long TOKENS_AT_ONCE = 2_000_000;

  private final Set<Long> kept;
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
    Some some = next(connection);
    List<Long> next = some.runs();
    String macro = some.tokens() > TOKENS_AT_ONCE ? "large_summary_of" : "summary_of";
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO run_summary SELECT * FROM %s([%s]::BIGINT[])"
                .formatted(macro, list(next)))) {
      insert.executeUpdate();
      kept.addAll(next);
    } catch (SQLException e) {
      LOG.warn("{} runs are not summarised and cost more to ask: {}", next.size(), e.getMessage());
    }
    next.forEach(due::remove);
  }

  /** Runs that are summarised at once, and how many tokens they have together. */
  private record Some(List<Long> runs, long tokens) {}

  private Some next(Connection connection) {
    List<Long> some = due.stream().limit(AT_ONCE).toList();
    try (PreparedStatement sizes =
            connection.prepareStatement(
                "SELECT run, max(tokens_received) FROM run_finished WHERE run IN (%s) GROUP BY run"
                    .formatted(list(some)));
        ResultSet rows = sizes.executeQuery()) {
      List<Long> next = new ArrayList<>();
      long tokens = 0;
      while (rows.next()) {
        long more = rows.getLong(2);
        if (next.isEmpty() || tokens + more <= TOKENS_AT_ONCE) {
          next.add(rows.getLong(1));
          tokens += more;
        }
      }
      return next.isEmpty() ? new Some(some, 0) : new Some(next, tokens);
    } catch (SQLException e) {
      LOG.warn("The sizes of {} runs are not known: {}", some.size(), e.getMessage());
      return new Some(some.subList(0, 1), 0);
    }
  }

  private static String list(Collection<Long> runs) {
    return runs.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
