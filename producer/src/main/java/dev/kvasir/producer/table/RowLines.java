package dev.kvasir.producer.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;

/** The rows of a table as lines of JSON, made as they are read. One thread uses it. */
final class RowLines extends InputStream {

  private static final String MEMORY = "512MB";

  private final Connection connection;
  private final PreparedStatement statement;
  private final ResultSet rows;
  private byte[] line = new byte[0];
  private int next;

  private RowLines(Connection connection, PreparedStatement statement, ResultSet rows) {
    this.connection = connection;
    this.statement = statement;
    this.rows = rows;
  }

  /**
   * Begins to read.
   *
   * @param table a table function whose one parameter is the file
   */
  static RowLines of(String table, String file) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("jdbc_stream_results", "true");
    settings.setProperty("memory_limit", MEMORY);
    settings.setProperty("threads", "1");
    settings.setProperty("autoinstall_known_extensions", "false");
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
    try {
      PreparedStatement statement =
          connection.prepareStatement("SELECT to_json(r)::VARCHAR FROM " + table + " AS r");
      statement.setString(1, file);
      return new RowLines(connection, statement, statement.executeQuery());
    } catch (SQLException unreadable) {
      connection.close();
      throw unreadable;
    }
  }

  @Override
  public int read() throws IOException {
    return more() ? line[next++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!more()) {
      return -1;
    }
    int count = Math.min(length, line.length - next);
    System.arraycopy(line, next, bytes, offset, count);
    next += count;
    return count;
  }

  private boolean more() throws IOException {
    if (next < line.length) {
      return true;
    }
    try {
      if (!rows.next()) {
        return false;
      }
      line = (rows.getString(1) + "\n").getBytes(StandardCharsets.UTF_8);
      next = 0;
      return true;
    } catch (SQLException unreadable) {
      throw new IOException(TableFile.firstLine(unreadable), unreadable);
    }
  }

  @Override
  public void close() throws IOException {
    try (connection;
        statement;
        rows) {
      next = line.length;
    } catch (SQLException failed) {
      throw new IOException(TableFile.firstLine(failed), failed);
    }
  }
}
