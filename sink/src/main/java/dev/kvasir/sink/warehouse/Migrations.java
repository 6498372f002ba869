package dev.kvasir.sink.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The numbered steps that bring a file to the schema of this version. */
final class Migrations {

  private static final List<String> STEPS =
      List.of(
          "001_events.sql",
          "002_imports.sql",
          "003_shards.sql",
          "004_shard_failures.sql",
          "005_token_gaps.sql");

  /** What reads the kept numbers. */
  private static final List<String> OVER_SUMMARIES = List.of("results.sql", "peers.sql");

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
    define(connection);
  }

  /**
   * Writes macros and views anew. The kept numbers of runs are thrown away when their definition
   * has changed; the loader makes them again.
   */
  private static void define(Connection connection) throws SQLException {
    Sql.execute(connection, "CREATE TABLE IF NOT EXISTS definition (hash VARCHAR NOT NULL)");
    StringBuilder statements = new StringBuilder(definitions());
    if (!definition().equals(defined(connection))) {
      statements.append(
          """
          DROP TABLE IF EXISTS run_summary;
          CREATE TABLE run_summary AS SELECT * FROM summary_of([]::BIGINT[]);
          DELETE FROM definition;
          INSERT INTO definition VALUES ('%s');
          """
              .formatted(definition()));
    }
    OVER_SUMMARIES.forEach(name -> statements.append(read(name)));
    inTransaction(connection, statements.toString());
  }

  /** What is defined anew at every start, around the table that keeps runs' numbers. */
  private static String definitions() {
    return read("statistics.sql") + read("views.sql") + read("summary.sql");
  }

  /** The hash of all definitions. */
  private static String definition() {
    StringBuilder text = new StringBuilder(definitions());
    OVER_SUMMARIES.forEach(name -> text.append(read(name)));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private static @Nullable String defined(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(hash) FROM definition")) {
      row.next();
      return row.getString(1);
    }
  }

  /** Whether a file was last opened by an older version, whose definitions may lack something. */
  static boolean isBehind(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'definition'")) {
      row.next();
      return row.getInt(1) == 0 || !definition().equals(defined(connection));
    }
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
