package dev.kvasir.sink.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one checked statement in a read-only transaction on a connection of its own. */
final class ReadOnlyQuery {

  private static final Logger LOG = LoggerFactory.getLogger(ReadOnlyQuery.class);

  /** How DuckDB begins to say that it lacks memory. */
  private static final String NO_MEMORY = "Out of Memory Error: ";

  /** What an answer may hold beside its rows' number; two bytes each in the worst case. */
  private static final long MOST_CHARACTERS = 16L << 20;

  private final QueryLimits limits;
  private final ScheduledExecutorService timer;

  /**
   * @param limits what each query may take
   * @param timer cancels what runs too long
   */
  ReadOnlyQuery(QueryLimits limits, ScheduledExecutorService timer) {
    this.limits = limits;
    this.timer = timer;
  }

  /** Checks and runs a statement on a connection without a transaction. */
  QueryResult run(
      DuckDBConnection connection, String sql, List<? extends @Nullable Object> parameters) {
    try {
      Sql.execute(connection, "BEGIN TRANSACTION READ ONLY");
      try {
        StatementGate.check(connection, sql);
        String limited = limited(sql);
        StatementGate.check(connection, limited);
        return runChecked(connection, limited, parameters);
      } finally {
        Sql.execute(connection, "ROLLBACK");
      }
    } catch (SQLException e) {
      throw new QueryRefusedException(reason(e), e);
    }
  }

  private static String reason(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.startsWith(NO_MEMORY)
        ? "the query needs more memory than it has here (%s); ask about fewer or shorter runs, or query a copy made by `kvasir export --format duckdb`"
            .formatted(message.lines().findFirst().orElseThrow().substring(NO_MEMORY.length()))
        : message;
  }

  /** The statement with a limit around it, so that DuckDB stops at the first row too many. */
  private String limited(String sql) {
    String text = sql.strip();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).strip();
    }
    return "SELECT * FROM (\n%s\n) LIMIT %d".formatted(text, limits.rows() + 1L);
  }

  /** Runs a trusted statement, unchecked, in the connection's present transaction. */
  QueryResult runChecked(
      Connection connection, String sql, List<? extends @Nullable Object> parameters)
      throws SQLException {
    AtomicBoolean late = new AtomicBoolean();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      ScheduledFuture<?> limit = cancelLater(statement, late);
      try (ResultSet rows = statement.executeQuery()) {
        return read(rows);
      } finally {
        limit.cancel(false);
      }
    } catch (SQLException e) {
      if (late.get()) {
        throw new QueryRefusedException(
            "the query was cancelled after its limit of %s; ask for less, or export and query the copy"
                .formatted(readable(limits.time())),
            e);
      }
      throw e;
    }
  }

  private static String readable(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  private ScheduledFuture<?> cancelLater(Statement statement, AtomicBoolean late) {
    return timer.schedule(
        () -> {
          late.set(true);
          try {
            statement.cancel();
          } catch (SQLException e) {
            LOG.warn(
                "a query that ran too long could not be cancelled reason=\"{}\"", e.getMessage());
          }
        },
        limits.time().toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private QueryResult read(ResultSet rows) throws SQLException {
    ResultSetMetaData meta = rows.getMetaData();
    int width = meta.getColumnCount();
    List<QueryResult.Column> columns = new ArrayList<>();
    for (int i = 1; i <= width; i++) {
      columns.add(new QueryResult.Column(meta.getColumnLabel(i), meta.getColumnTypeName(i)));
    }
    List<List<@Nullable Object>> read = new ArrayList<>();
    boolean more = rows.next();
    long characters = 0;
    while (more && read.size() < limits.rows() && characters < MOST_CHARACTERS) {
      List<@Nullable Object> row = new ArrayList<>(width);
      for (int i = 1; i <= width; i++) {
        Object cell = Cell.plain(rows.getObject(i));
        characters += cell instanceof String text ? text.length() : 1;
        row.add(cell);
      }
      read.add(row);
      more = rows.next();
    }
    return new QueryResult(columns, read, more);
  }
}
