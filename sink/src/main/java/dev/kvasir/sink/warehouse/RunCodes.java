package dev.kvasir.sink.warehouse;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/** Short numbers for runs, kept in the table {@code run_code}. Owned by the loader's thread. */
final class RunCodes {

  private final Map<Long, Integer> codes = new HashMap<>();
  private final List<Long> unsaved = new ArrayList<>();
  private long lastRun;
  private int lastCode = -1;

  /** Reads the codes given so far. */
  static RunCodes load(DuckDBConnection connection) throws SQLException {
    RunCodes loaded = new RunCodes();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT run, code FROM run_code")) {
      while (rows.next()) {
        loaded.codes.put(rows.getLong(1), rows.getInt(2));
      }
    }
    return loaded;
  }

  /** The code of a run; a new run gets the next one. */
  int of(long run) {
    if (lastCode < 0 || lastRun != run) {
      lastCode = codes.computeIfAbsent(run, this::next);
      lastRun = run;
    }
    return lastCode;
  }

  private int next(long run) {
    unsaved.add(run);
    return codes.size();
  }

  /** Writes the codes given since {@link #saved}, inside the caller's transaction. */
  void save(DuckDBConnection connection) throws SQLException {
    if (unsaved.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO run_code (code, run) VALUES (?, ?)")) {
      for (long run : unsaved) {
        insert.setInt(1, of(run));
        insert.setLong(2, run);
        insert.executeUpdate();
      }
    }
  }

  /** The transaction of {@link #save} was committed. */
  void saved() {
    unsaved.clear();
  }
}
