package dev.kvasir.sink.warehouse;

import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.duckdb.DuckDBConnection;

/** Makes a warehouse file anew from a log and, for what has left it, from its archive. */
public final class Rebuild {

  private static final Duration BETWEEN_WORDS = Duration.ofMillis(500);

  private final String bootstrapServers;
  private final Registry registry;
  private final LogArchive archive;
  private final long memoryLimitBytes;

  /**
   * @param archive holds what has left the log
   * @param memoryLimitBytes what DuckDB may use
   */
  public Rebuild(
      String bootstrapServers, Registry registry, LogArchive archive, long memoryLimitBytes) {
    this.bootstrapServers = bootstrapServers;
    this.registry = registry;
    this.archive = archive;
    this.memoryLimitBytes = memoryLimitBytes;
  }

  /**
   * Fills a file, which is removed first if it is there, with everything that is in the log now.
   *
   * @param exports the only other folder that DuckDB may touch
   * @param progress hears how many rows have been written, now and then
   * @return what each table holds
   * @throws IllegalArgumentException if a run or a place that the selection names is not there
   * @throws WarehouseException if Kafka does not answer or a file of the archive is damaged
   */
  public List<TableSum> into(Path file, Path exports, Selection selection, LongConsumer progress)
      throws InterruptedException {
    requirePlaces(selection);
    remove(file);
    try (WarehouseFile target = WarehouseFile.open(file, exports, memoryLimitBytes)) {
      try (Loading loading =
          Loading.start(target, bootstrapServers, registry, archive, selection)) {
        boolean done = false;
        while (!done) {
          done = loading.awaitCaughtUp(BETWEEN_WORDS);
          progress.accept(loading.counters().rows());
        }
      }
      selection.requireRuns(runs(target));
      return sums(target);
    } catch (IllegalArgumentException e) {
      remove(file);
      throw e;
    }
  }

  private void requirePlaces(Selection selection) throws InterruptedException {
    try (Admin admin = Admin.create(ClientAccess.ofProcess().kafka(bootstrapServers, Map.of()))) {
      LogEnds ends = new LogEnds(admin);
      selection.requireWithin(ends.ends(ends.partitions().keySet()));
    }
  }

  private static Set<Long> runs(WarehouseFile file) {
    Set<Long> runs = new HashSet<>();
    try (DuckDBConnection connection = file.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT run FROM run_started")) {
      while (rows.next()) {
        runs.add(rows.getLong(1));
      }
      return runs;
    } catch (SQLException e) {
      throw new WarehouseException(file.path() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** What each table of a file holds that nobody else has open. */
  public static List<TableSum> sums(Path file, Path exports, long memoryLimitBytes) {
    try (WarehouseFile opened = WarehouseFile.open(file, exports, memoryLimitBytes)) {
      return sums(opened);
    }
  }

  private static List<TableSum> sums(WarehouseFile file) {
    try (DuckDBConnection connection = file.connect()) {
      return TableSums.of(connection);
    } catch (SQLException e) {
      throw new WarehouseException(file.path() + " cannot be summed up: " + e.getMessage(), e);
    }
  }

  /** Removes a DuckDB file and its log. */
  public static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".wal"));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be removed", e);
    }
  }
}
