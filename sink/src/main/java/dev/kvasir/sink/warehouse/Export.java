package dev.kvasir.sink.warehouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Copies of the warehouse, each of one instant. */
final class Export {

  /** Relations with so many rows that each run has files of its own. */
  private static final Set<String> BY_RUN = Set.of("requests", "tokens", "sample", "windows");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._=-]{0,99}");

  private Export() {}

  /**
   * A path directly inside the export folder.
   *
   * @throws QueryRefusedException if the name could lead out of it
   */
  static Path inside(Path exports, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new QueryRefusedException(
          "the name %s is refused: expected up to 100 of A-Z a-z 0-9 . _ = - and no leading sign"
              .formatted(name),
          null);
    }
    return exports.resolve(name);
  }

  /**
   * Writes every table and view as Parquet into a folder: a file each, or, where a run has many
   * rows, a folder each with one for every run. Names them.
   */
  static List<Path> parquet(Connection connection, Path folder) throws SQLException, IOException {
    Files.createDirectories(folder);
    Sql.execute(connection, "BEGIN TRANSACTION READ ONLY");
    try {
      List<Path> files = new ArrayList<>();
      for (String relation : relations(connection)) {
        boolean byRun = BY_RUN.contains(relation);
        Path file = folder.resolve(byRun ? relation : relation + ".parquet");
        Sql.execute(
            connection,
            "COPY (FROM %s) TO %s (FORMAT parquet, COMPRESSION zstd%s)"
                .formatted(
                    Sql.identifier(relation),
                    Sql.literal(file.toString()),
                    byRun ? ", PARTITION_BY (run)" : ""));
        if (Files.exists(file)) {
          files.add(file);
        }
      }
      return files;
    } finally {
      Sql.execute(connection, "ROLLBACK");
    }
  }

  private static List<String> relations(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT table_name FROM duckdb_tables()
                  WHERE database_name = current_database() AND NOT internal AND NOT temporary
                UNION ALL
                SELECT view_name FROM duckdb_views()
                  WHERE database_name = current_database() AND NOT internal
                ORDER BY 1
                """)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  /** Writes a DuckDB file with everything; it appears under its name when it is whole. */
  static Path snapshot(Connection connection, Path file) throws SQLException, IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Sql.execute(
        connection,
        "ATTACH %s AS snapshot (READ_WRITE, STORAGE_VERSION 'v1.4.0')"
            .formatted(Sql.literal(unfinished.toString())));
    try {
      Sql.execute(
          connection,
          "COPY FROM DATABASE %s TO snapshot".formatted(Sql.identifier(connection.getCatalog())));
    } finally {
      Sql.execute(connection, "DETACH snapshot");
    }
    return Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
