package dev.kvasir.sink.warehouse;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums over the content of every table that the log fills: equal when the rows are, in whatever
 * order they were written. The tokens are taken from their view, which does not tell how they were
 * packed; kept numbers, offsets and views follow from the rest and have none.
 */
final class TableSums {

  private static final String TOKENS = "tokens";

  private TableSums() {}

  static List<TableSum> of(Connection connection) throws SQLException {
    List<TableSum> sums = new ArrayList<>();
    for (EventTable table : EventTables.all()) {
      sums.add(sum(connection, table.name(), table.name()));
    }
    sums.add(sum(connection, "quarantine", "quarantine"));
    sums.add(tokens(connection));
    sums.sort(java.util.Comparator.comparing(TableSum::table));
    return sums;
  }

  private static TableSum sum(Connection connection, String name, String from) throws SQLException {
    Sum sum = new Sum();
    sum.add(connection, from);
    return sum.of(name);
  }

  /** The view of tokens orders a run's chunks; one run at a time needs no more memory than it. */
  private static TableSum tokens(Connection connection) throws SQLException {
    Sum sum = new Sum();
    for (long run : runs(connection)) {
      sum.add(connection, "(SELECT * FROM tokens WHERE run = " + run + ")");
    }
    return sum.of(TOKENS);
  }

  private static List<Long> runs(Connection connection) throws SQLException {
    List<Long> runs = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT run FROM run_code ORDER BY run")) {
      while (rows.next()) {
        runs.add(rows.getLong(1));
      }
    }
    return runs;
  }

  /** A sum that parts are added to. */
  private static final class Sum {

    private long rows;
    private long exclusive;
    private long total;

    void add(Connection connection, String relation) throws SQLException {
      String sql =
          """
          SELECT count(*), coalesce(bit_xor(h), 0)::VARCHAR, coalesce(sum(h >> 16), 0)::VARCHAR
          FROM (SELECT hash(t) AS h FROM %s t)
          """
              .formatted(relation);
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        rows += row.getLong(1);
        exclusive ^= Long.parseUnsignedLong(row.getString(2));
        total += new java.math.BigInteger(row.getString(3)).longValue();
      }
    }

    TableSum of(String table) {
      return new TableSum(table, rows, "%016x%016x".formatted(exclusive, total));
    }
  }
}
