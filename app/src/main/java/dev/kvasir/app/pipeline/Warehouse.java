package dev.kvasir.app.pipeline;

import dev.kvasir.sink.SinkStage;
import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Questions;
import dev.kvasir.sink.warehouse.DoorClient;
import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryLimits;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.sink.warehouse.WarehouseReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A home's tables, wherever they can be read: in this process, through its holder, or directly. */
public final class Warehouse implements AutoCloseable {

  private static final long MEMORY_BYTES = 1L << 30;

  /** What is done with the export folder. */
  @FunctionalInterface
  private interface Exporter {
    List<Path> parquet(String name);
  }

  /** What copies the tables. */
  @FunctionalInterface
  private interface Copier {
    Path snapshot(String name);
  }

  /** What compares with emission logs. */
  @FunctionalInterface
  private interface Truth {
    QueryResult of(List<Path> emissions, Map<String, String> parameters);
  }

  private final Queries queries;
  private final Exporter exporter;
  private final Copier copier;
  private final Truth truth;
  private final AutoCloseable end;

  private Warehouse(
      Queries queries, Exporter exporter, Copier copier, Truth truth, AutoCloseable end) {
    this.queries = queries;
    this.exporter = exporter;
    this.copier = copier;
    this.truth = truth;
    this.end = end;
  }

  /**
   * The tables of a home, whoever holds it.
   *
   * @throws IllegalStateException if nothing was ever run in it
   */
  public static Warehouse of(Home home) throws InterruptedException {
    if (!home.exists()) {
      throw new IllegalStateException(
          "there is nothing in %s yet: run something first, or name another home with --home"
              .formatted(home.folder()));
    }
    return switch (HomeLock.take(home)) {
      case HomeLock.Taken(HomeLock lock) -> directly(home, lock);
      case HomeLock.Held(Holder holder) -> through(holder);
    };
  }

  /** The tables of a sink in this process. */
  static Warehouse of(SinkStage sink) {
    return new Warehouse(
        sink.queries(), sink::exportParquet, sink::snapshot, sink::truth, () -> {});
  }

  /** The tables that another process holds. */
  static Warehouse through(Holder holder) {
    String door = holder.sql();
    if (door == null) {
      throw new IllegalStateException(
          holder.describe() + " holds the home and has no SQL door; wait until it has ended");
    }
    DoorClient client = new DoorClient(URI.create(door), holder.token());
    return new Warehouse(
        client,
        client::exportParquet,
        client::snapshot,
        (emissions, parameters) -> {
          throw new IllegalStateException(
              "the comparison with a simulator's log reads files, which the SQL door of %s does not; ask again when it has ended"
                  .formatted(holder.describe()));
        },
        client);
  }

  private static Warehouse directly(Home home, HomeLock lock) {
    Closer closer = new Closer();
    closer.add(lock);
    try {
      WarehouseReader reader =
          closer.add(
              WarehouseReader.open(
                  home.warehouse(), home.exports(), QueryLimits.USUAL, MEMORY_BYTES));
      return reading(reader, closer);
    } catch (RuntimeException e) {
      closer.close();
      throw e;
    }
  }

  private static Warehouse reading(WarehouseReader reader, AutoCloseable end) {
    return new Warehouse(
        reader,
        reader::exportParquet,
        reader::snapshot,
        (emissions, parameters) -> {
          BoundQuestion question = bind("truth", parameters);
          return reader.overEmissions(emissions, question.sql(), question.values());
        },
        end);
  }

  /** Runs one SQL statement, which may only read. */
  public QueryResult query(String sql, @Nullable Object... parameters) {
    return queries.query(sql, Arrays.asList(parameters));
  }

  /**
   * Asks a named question.
   *
   * @throws IllegalArgumentException if there is no such question, or a parameter is wrong
   */
  public QueryResult ask(String question, Map<String, String> parameters) {
    BoundQuestion bound = bind(question, parameters);
    return queries.query(bound.sql(), bound.values());
  }

  /** Compares what was measured with what simulators emitted. */
  public QueryResult truth(List<Path> emissions, Map<String, String> parameters) {
    return truth.of(emissions, parameters);
  }

  /** Writes every table and view as Parquet into a new folder among the home's exports. */
  public List<Path> exportParquet(String name) {
    return exporter.parquet(name);
  }

  /** Writes a DuckDB file of this instant with everything among the home's exports. */
  public Path snapshot(String name) {
    return copier.snapshot(name);
  }

  /** The queries that are only read. */
  public Queries queries() {
    return queries;
  }

  private static BoundQuestion bind(String question, Map<String, String> parameters) {
    return Questions.named(question)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no question %s; 'kvasir ask' lists them".formatted(question)))
        .bind(parameters);
  }

  @Override
  public void close() {
    try {
      end.close();
    } catch (Exception e) {
      throw new IllegalStateException("the warehouse did not close", e);
    }
  }
}
