package dev.kvasir.sink.warehouse;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A query's answer as a Parquet file, with its columns' types. */
public final class ParquetFile {

  private ParquetFile() {}

  /**
   * Writes a file, replacing it.
   *
   * @throws WarehouseException if it cannot be written
   */
  public static void write(QueryResult result, Path file) {
    try (Connection memory = DriverManager.getConnection("jdbc:duckdb:")) {
      Sql.execute(
          memory,
          "CREATE TABLE answer (%s)"
              .formatted(
                  result.columns().stream()
                      .map(column -> Sql.identifier(column.name()) + " " + type(column))
                      .collect(Collectors.joining(", "))));
      insert(memory, result);
      Sql.execute(
          memory,
          "COPY answer TO %s (FORMAT parquet, COMPRESSION zstd)"
              .formatted(Sql.literal(file.toAbsolutePath().toString())));
    } catch (SQLException e) {
      throw new WarehouseException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static String type(QueryResult.Column column) {
    return column.type().equals("\"NULL\"") ? "INTEGER" : column.type();
  }

  private static void insert(Connection memory, QueryResult result) throws SQLException {
    String places =
        result.columns().stream()
            .map(column -> isNested(column.type()) ? "CAST(?::JSON AS " + type(column) + ")" : "?")
            .collect(Collectors.joining(", "));
    try (PreparedStatement statement =
        memory.prepareStatement("INSERT INTO answer VALUES (" + places + ")")) {
      for (List<@Nullable Object> row : result.rows()) {
        for (int i = 0; i < row.size(); i++) {
          Object value = row.get(i);
          statement.setObject(
              i + 1,
              value == null || value instanceof Number || value instanceof Boolean
                  ? value
                  : Csv.plain(value));
        }
        statement.executeUpdate();
      }
    }
  }

  private static boolean isNested(String type) {
    return type.endsWith("]") || type.startsWith("MAP") || type.startsWith("STRUCT");
  }
}
