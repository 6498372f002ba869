package dev.kvasir.sink.warehouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/**
 * The DuckDB file, open for writing in this process, which no other process can then open. It may
 * touch no other file than those in the export folder, and its settings are locked. Thread-safe:
 * every user takes a connection of its own.
 */
public final class WarehouseFile implements AutoCloseable {

  /** The oldest DuckDB that can open the file. */
  private static final String STORAGE_VERSION = "v1.4.0";

  private static final String WAL_LIMIT = "64MB";

  private static final long MOST_SPILLED_BYTES = 16_000_000_000L;

  /**
   * DuckDB 2.0.0 mixes up columns when it shares a subplan that picks the latest row of each key,
   * and then gives the open file up.
   */
  private static final String DISABLED_OPTIMIZERS = "common_subplan";

  private final Path file;
  private final Path exports;
  private final DuckDBConnection root;

  private WarehouseFile(Path file, Path exports, DuckDBConnection root) {
    this.file = file;
    this.exports = exports;
    this.root = root;
  }

  /**
   * Opens a file, creating it when it is absent, and brings its schema up to date.
   *
   * @param file the DuckDB file
   * @param exports the only folder that exports and snapshots are written to; created when absent
   * @param memoryLimitBytes what DuckDB may use
   * @throws WarehouseException if another process holds the file, or a newer version wrote it
   */
  public static WarehouseFile open(Path file, Path exports, long memoryLimitBytes) {
    Path absolute = file.toAbsolutePath().normalize();
    Path exportFolder = exports.toAbsolutePath().normalize();
    try {
      Files.createDirectories(exportFolder);
      if (!Files.exists(absolute)) {
        create(absolute);
      }
      DuckDBConnection root = connect(absolute, false);
      try {
        try (Statement statement = root.createStatement()) {
          statement.execute("SET wal_autocheckpoint = '" + WAL_LIMIT + "'");
        }
        limit(root, absolute, memoryLimitBytes);
        avoidKnownFaults(root);
        Migrations.apply(root, absolute);
        lockDown(root, exportFolder);
        return new WarehouseFile(absolute, exportFolder, root);
      } catch (SQLException | IOException | RuntimeException e) {
        root.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure(absolute, e);
    } catch (IOException e) {
      throw new WarehouseException(absolute + " cannot be created: " + e.getMessage(), e);
    }
  }

  private static void create(Path file) throws SQLException, IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    try (Connection memory = DriverManager.getConnection("jdbc:duckdb:", offline());
        Statement statement = memory.createStatement()) {
      statement.execute(
          "ATTACH %s AS warehouse (STORAGE_VERSION '%s')"
              .formatted(Sql.literal(unfinished.toString()), STORAGE_VERSION));
      statement.execute("DETACH warehouse");
    }
    Files.move(unfinished, file);
  }

  /** Opens a connection to a file. */
  static DuckDBConnection connect(Path file, boolean readOnly) throws SQLException {
    Properties properties = offline();
    if (readOnly) {
      properties.setProperty("duckdb.read_only", "true");
    }
    return (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, properties);
  }

  /** Settings that keep DuckDB from loading extensions over the network. */
  private static Properties offline() {
    Properties properties = new Properties();
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    return properties;
  }

  /**
   * Bounds what queries take together: memory, and beside the file a quarter of the room that is
   * left there.
   */
  static void limit(Connection connection, Path file, long memoryLimitBytes)
      throws SQLException, IOException {
    long spilled = spillLimit(Files.getFileStore(file).getUsableSpace());
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET memory_limit = '" + memoryLimitBytes + "B'");
      statement.execute("SET max_temp_directory_size = '" + spilled + "B'");
    }
  }

  /** What queries may put on a disk while they run, of what is free of it. */
  static long spillLimit(long freeBytes) {
    return Math.min(MOST_SPILLED_BYTES, freeBytes / 4);
  }

  /** Switches off what is known to fail in the DuckDB that is used. */
  static void avoidKnownFaults(Connection connection) throws SQLException {
    Sql.execute(connection, "SET disabled_optimizers = '" + DISABLED_OPTIMIZERS + "'");
  }

  /** Takes the network and the file system, but for one folder, and then the settings away. */
  static void lockDown(Connection connection, Path exports) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET allowed_directories = [" + Sql.literal(exports + "/") + "]");
      statement.execute("SET enable_external_access = false");
      statement.execute("SET lock_configuration = true");
    }
  }

  static WarehouseException failure(Path file, SQLException cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("Could not set lock on file")) {
      return new WarehouseException(
          file
              + " is held by another process: ask that process through its SQL door, or stop it ("
              + message.lines().findFirst().orElse("")
              + ")",
          cause);
    }
    return new WarehouseException(file + " cannot be opened: " + message, cause);
  }

  /** A connection of the caller's own. */
  DuckDBConnection connect() throws SQLException {
    return root.duplicate();
  }

  /** The file. */
  public Path path() {
    return file;
  }

  /** The folder that exports are written to. */
  Path exports() {
    return exports;
  }

  @Override
  public void close() {
    try (DuckDBConnection closing = root;
        Statement statement = closing.createStatement()) {
      statement.execute("CHECKPOINT");
    } catch (SQLException e) {
      throw new WarehouseException(file + " could not be closed cleanly: " + e.getMessage(), e);
    }
  }
}
