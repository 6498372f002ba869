package dev.kvasir.sink;

import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Questions;
import dev.kvasir.sink.warehouse.LoaderCounters;
import dev.kvasir.sink.warehouse.Loading;
import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.sink.warehouse.SqlDoor;
import dev.kvasir.sink.warehouse.WarehouseException;
import dev.kvasir.sink.warehouse.WarehouseFile;
import dev.kvasir.sink.warehouse.WarehouseReader;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sink at work: it loads the log into the warehouse file and answers queries. Thread-safe. */
public final class SinkStage implements AutoCloseable {

  private final WarehouseFile file;
  private final Loading loading;
  private final WarehouseReader queries;
  private final SqlDoor door;

  private SinkStage(WarehouseFile file, Loading loading, WarehouseReader queries, SqlDoor door) {
    this.file = file;
    this.loading = loading;
    this.queries = queries;
    this.door = door;
  }

  /**
   * Opens the file, loads from where it stopped, and opens the door. The topics must exist.
   *
   * @throws WarehouseException if the file is held or newer, or Kafka lacks a topic
   * @throws IOException if the door's port is taken
   */
  public static SinkStage start(SinkSettings settings) throws IOException, InterruptedException {
    WarehouseFile file =
        WarehouseFile.open(settings.warehouse(), settings.exports(), settings.memoryLimitBytes());
    try {
      WarehouseReader queries = WarehouseReader.of(file, settings.limits());
      Loading loading = Loading.start(file, settings.bootstrapServers(), settings.registry());
      try {
        SqlDoor door = SqlDoor.open(settings.doorPort(), settings.token(), queries, loading);
        return new SinkStage(file, loading, queries, door);
      } catch (IOException | RuntimeException e) {
        loading.close();
        throw e;
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Waits until everything that was in the topics at the time of the call is committed.
   *
   * @return false if it is not within the limit
   * @throws WarehouseException if loading has stopped
   */
  public boolean awaitCaughtUp(Duration limit) throws InterruptedException {
    return loading.awaitCaughtUp(limit);
  }

  /** The address of the SQL door. */
  public URI door() {
    return door.address();
  }

  /** The same queries as through the door, without HTTP. */
  public Queries queries() {
    return queries;
  }

  /** What has been loaded since the start. */
  public LoaderCounters counters() {
    return loading.counters();
  }

  /** Reports what has been loaded and what waits. */
  public void meter(MeterRegistry registry) {
    loading.meter(registry);
  }

  /** Why loading stopped; null while it works. */
  public @Nullable Throwable failure() {
    return loading.failure();
  }

  /**
   * Compares what was measured with what the simulator emitted.
   *
   * @param emissions the simulator's emission logs
   * @param parameters of the question {@code truth}
   */
  public QueryResult truth(List<Path> emissions, Map<String, String> parameters) {
    BoundQuestion question = Questions.named("truth").orElseThrow().bind(parameters);
    return queries.overEmissions(emissions, question.sql(), question.values());
  }

  /** Writes every table and view as Parquet into a new folder in the export folder. */
  public List<Path> exportParquet(String name) {
    return queries.exportParquet(name);
  }

  /** Writes a DuckDB file with everything into the export folder. */
  public Path snapshot(String name) {
    return queries.snapshot(name);
  }

  /** Closes the door, finishes the batch at hand and closes the file. */
  @Override
  public void close() {
    try {
      door.close();
    } finally {
      try {
        loading.close();
      } finally {
        queries.close();
        file.close();
      }
    }
  }
}
