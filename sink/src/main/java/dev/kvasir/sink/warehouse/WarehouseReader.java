package dev.kvasir.sink.warehouse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Asks and copies the warehouse, beside its loader in the same process or on a file that nobody
 * holds. Each call has a connection of its own; thread-safe.
 */
public final class WarehouseReader implements Queries, AutoCloseable {

  private static final int AT_ONCE = 4;

  /** Where connections come from. */
  @FunctionalInterface
  private interface Source {
    DuckDBConnection connect() throws SQLException;
  }

  private final Source source;
  private final Path exports;
  private final QueryLimits limits;
  private final @Nullable DuckDBConnection own;
  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("warehouse-query-limit").daemon().factory());
  private final ReadOnlyQuery query;

  private WarehouseReader(
      Source source, Path exports, QueryLimits limits, @Nullable DuckDBConnection own) {
    this.source = source;
    this.exports = exports;
    this.limits = limits;
    this.own = own;
    this.query = new ReadOnlyQuery(limits, timer);
  }

  /** Reads beside the loader. */
  public static WarehouseReader of(WarehouseFile file, QueryLimits limits) {
    return new WarehouseReader(file::connect, file.exports(), limits, null);
  }

  /**
   * Opens a file that nobody holds, read-only.
   *
   * @param file the DuckDB file
   * @param exports the only folder that may be written to
   * @param memoryLimitBytes what DuckDB may use
   * @throws WarehouseException if the file is absent, held, or written by a newer version
   */
  public static WarehouseReader open(
      Path file, Path exports, QueryLimits limits, long memoryLimitBytes) {
    Path absolute = file.toAbsolutePath().normalize();
    if (!Files.exists(absolute)) {
      throw new WarehouseException(
          absolute + " does not exist: run something first, or name another home", null);
    }
    Path folder = exports.toAbsolutePath().normalize();
    try {
      bringUpToDate(absolute, folder, memoryLimitBytes);
      DuckDBConnection root = WarehouseFile.connect(absolute, true);
      try {
        Migrations.check(root, absolute);
        WarehouseFile.limit(root, absolute, memoryLimitBytes);
        WarehouseFile.avoidKnownFaults(root);
        WarehouseFile.lockDown(root, folder);
        return new WarehouseReader(root::duplicate, folder, limits, root);
      } catch (SQLException | IOException | RuntimeException e) {
        root.close();
        throw e;
      }
    } catch (SQLException e) {
      throw WarehouseFile.failure(absolute, e);
    } catch (IOException e) {
      throw new WarehouseException(
          "the room beside " + absolute + " cannot be told: " + e.getMessage(), e);
    }
  }

  /** Opens a file for writing once if an older version wrote its views. */
  private static void bringUpToDate(Path file, Path exports, long memoryLimitBytes)
      throws SQLException {
    boolean behind;
    try (DuckDBConnection connection = WarehouseFile.connect(file, true)) {
      Migrations.check(connection, file);
      behind = Migrations.isBehind(connection);
    }
    if (behind) {
      WarehouseFile.open(file, exports, memoryLimitBytes).close();
    }
  }

  @Override
  public QueryResult query(String sql, List<? extends @Nullable Object> parameters) {
    return inPlace(connection -> query.run(connection, sql, parameters));
  }

  /**
   * Runs a trusted query that may also read the simulator's log as the table {@code emission}.
   *
   * @param logs the simulator's emission logs
   */
  public QueryResult overEmissions(
      List<Path> logs, String sql, List<? extends @Nullable Object> parameters) {
    return inPlace(connection -> {
      Emissions.load(connection, logs);
      try {
        return query.runChecked(connection, sql, parameters);
      } finally {
        Sql.execute(connection, "DROP TABLE IF EXISTS temp.emission");
      }
    });
  }

  /**
   * Writes every table and view as Parquet into a folder in the export folder, and names the files.
   *
   * @throws QueryRefusedException if the name could lead out of the export folder
   */
  public List<Path> exportParquet(String name) {
    Path folder = Export.inside(exports, name);
    return inPlace(connection -> Export.parquet(connection, folder));
  }

  /**
   * Writes a DuckDB file with everything into the export folder.
   *
   * @throws QueryRefusedException if the name could lead out of the export folder
   */
  public Path snapshot(String name) {
    Path file = Export.inside(exports, name);
    return inPlace(connection -> Export.snapshot(connection, file));
  }

  /** Something done with a connection. */
  @FunctionalInterface
  private interface Work<T> {
    T with(DuckDBConnection connection) throws SQLException, IOException;
  }

  private <T> T inPlace(Work<T> work) {
    try {
      if (!places.tryAcquire(limits.time().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new QueryRefusedException(
            AT_ONCE + " queries are running and none has ended; try again", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QueryRefusedException("interrupted while waiting for other queries", e);
    }
    try (DuckDBConnection connection = source.connect()) {
      return work.with(connection);
    } catch (SQLException | IOException e) {
      throw new QueryRefusedException(String.valueOf(e.getMessage()), e);
    } finally {
      places.release();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    if (own == null) {
      return;
    }
    try {
      own.close();
    } catch (SQLException e) {
      throw new WarehouseException("the warehouse could not be closed: " + e.getMessage(), e);
    }
  }
}
