package dev.kvasir.sink.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The numbered steps that bring a file to the schema of this version. */
final class Migrations {

  private static final List<String> STEPS = List.of("001_events.sql", "002_imports.sql");
  private static final String VIEWS = "views.sql";

  private Migrations() {}

  /** The number of the newest step. */
  static int newest() {
    return STEPS.size();
  }

  /**
   * Applies what is missing, and writes the views anew.
   *
   * @throws WarehouseException if the file was written by a newer version
   */
  static void apply(Connection connection, Path file) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS migration (number INTEGER NOT NULL, name VARCHAR NOT NULL)");
    }
    int applied = applied(connection);
    refuseNewer(applied, file);
    for (int number = applied + 1; number <= newest(); number++) {
      applyStep(connection, number);
    }
    inTransaction(connection, read(VIEWS));
  }

  /** Refuses a file that this version cannot read. */
  static void check(Connection connection, Path file) throws SQLException {
    refuseNewer(applied(connection), file);
  }

  private static void refuseNewer(int applied, Path file) {
    if (applied > newest()) {
      throw new WarehouseException(
          "%s has schema %d and this version of Kvasir knows schemas up to %d; open it with the version that wrote it or a later one"
              .formatted(file, applied, newest()),
          null);
    }
  }

  private static int applied(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT coalesce(max(number), 0) FROM migration")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void applyStep(Connection connection, int number) throws SQLException {
    String name = STEPS.get(number - 1);
    inTransaction(
        connection,
        read("migrations/" + name)
            + "\nINSERT INTO migration VALUES (%d, '%s');".formatted(number, name));
  }

  private static void inTransaction(Connection connection, String statements) throws SQLException {
    Sql.execute(connection, "BEGIN TRANSACTION");
    try {
      Sql.execute(connection, statements);
    } catch (SQLException e) {
      Sql.execute(connection, "ROLLBACK");
      throw e;
    }
    Sql.execute(connection, "COMMIT");
  }

  private static String read(String name) {
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the sink's jar: build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read from the sink's jar", e);
    }
  }
}
