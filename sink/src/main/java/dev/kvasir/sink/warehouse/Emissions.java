package dev.kvasir.sink.warehouse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The simulator's own record of what it sent, as a temporary table {@code emission}. */
final class Emissions {

  private static final String HEADER =
      "server,request_id,index,tokens,intended_nanos,emitted_nanos";

  private Emissions() {}

  /**
   * Reads files into the temporary table of a connection.
   *
   * @throws WarehouseException if a file is missing or a line is malformed, naming both
   */
  static void load(DuckDBConnection connection, List<Path> files) throws SQLException {
    Sql.execute(
        connection,
        """
        CREATE OR REPLACE TEMP TABLE emission (
          server VARCHAR, request_id VARCHAR, index INTEGER, tokens INTEGER,
          intended_ns BIGINT, emitted_ns BIGINT)
        """);
    try (DuckDBAppender appender = connection.createAppender("temp", "main", "emission")) {
      for (Path file : files) {
        load(appender, file);
      }
    }
  }

  private static void load(DuckDBAppender appender, Path file) throws SQLException {
    int number = 1;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String header = lines.readLine();
      if (!HEADER.equals(header)) {
        throw malformed(file, number, HEADER, String.valueOf(header));
      }
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        append(appender, file, number, line);
      }
    } catch (IOException e) {
      throw new WarehouseException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void append(DuckDBAppender appender, Path file, int number, String line)
      throws SQLException {
    List<String> cells = cells(line);
    if (cells.size() != 6) {
      throw malformed(file, number, "6 cells", line);
    }
    try {
      int index = Integer.parseInt(cells.get(2));
      int tokens = Integer.parseInt(cells.get(3));
      long intended = Long.parseLong(cells.get(4));
      long emitted = Long.parseLong(cells.get(5));
      appender.beginRow();
      appender.append(cells.get(0)).append(cells.get(1)).append(index).append(tokens);
      appender.append(intended).append(emitted);
      appender.endRow();
    } catch (NumberFormatException e) {
      throw malformed(file, number, "whole numbers in the last four cells", line);
    }
  }

  /** The cells of a line by RFC 4180; a quoted cell does not span lines. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  private static WarehouseException malformed(Path file, int line, String expected, String found) {
    return new WarehouseException(
        "%s:%d: expected %s and found %s; is it the simulator's emission log?"
            .formatted(file, line, expected, found),
        null);
  }
}
