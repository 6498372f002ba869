package dev.kvasir.sink.warehouse;

import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches, in their order, rows and next offsets in one transaction. A transaction that
 * fails is written again until it succeeds or the loader is closed, so a query that takes all the
 * memory delays a batch and loses none. Its connection and tables belong to its thread.
 */
final class Loader {

  private static final Logger LOG = LoggerFactory.getLogger(Loader.class);

  /** Rows after which a transaction is written without waiting for more. */
  private static final int FULL = 100_000;

  /** The longest that rows wait for others of their transaction. */
  private static final long PATIENCE_NANOS = Duration.ofMillis(200).toNanos();

  /** The longest that runs wait for their summary while rows keep coming. */
  private static final long SUMMARY_PATIENCE_NANOS = Duration.ofSeconds(5).toNanos();

  /** The longest that closing waits for summaries. */
  private static final long LAST_SUMMARIES_NANOS = Duration.ofSeconds(10).toNanos();

  private static final Duration BEFORE_RETRY = Duration.ofMillis(200);
  private static final int ATTEMPTS_BETWEEN_WARNINGS = 25;

  /** What DuckDB says once an error has made an open database unusable. */
  private static final String GIVEN_UP = "database has been invalidated";

  /** What DuckDB says when there is nothing to roll back. */
  private static final String NONE_OPEN = "no transaction is active";

  private final DuckDBConnection connection;
  private final BlockingQueue<Batch> batches;
  private final Ticker ticker;
  private final RunCodes codes;
  private final TokenTable tokens;
  private final RunSummaries summaries;
  private final Map<LogPartition, Long> committed;
  private final LongAdder rows = new LongAdder();
  private final LongAdder transactions = new LongAdder();
  private final LongAdder writingNanos = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder quarantined = new LongAdder();
  private final Thread thread;
  private long lastSummary;
  private volatile boolean closing;
  private volatile @Nullable Throwable failure;

  Loader(DuckDBConnection connection, BlockingQueue<Batch> batches, Ticker ticker)
      throws SQLException {
    this.connection = connection;
    this.batches = batches;
    this.ticker = ticker;
    this.codes = RunCodes.load(connection);
    this.tokens = new TokenTable(codes);
    this.summaries = RunSummaries.load(connection);
    this.committed = new ConcurrentHashMap<>(Offsets.load(connection));
    this.thread = Thread.ofPlatform().name("warehouse-loader").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** The next offsets that are committed. */
  Map<LogPartition, Long> committed() {
    return Map.copyOf(committed);
  }

  /** What has been written since the start. */
  LoaderCounters counters() {
    return new LoaderCounters(
        rows.sum(),
        transactions.sum(),
        writingNanos.sum(),
        retries.sum(),
        quarantined.sum(),
        batches.size());
  }

  /** Why the loader stopped; null while it works. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Writes what was handed over before, and stops. */
  void close() throws InterruptedException, SQLException {
    closing = true;
    thread.join();
    connection.close();
  }

  private void run() {
    try {
      while (true) {
        Batch batch = next();
        if (batch == null && closing) {
          summariseBeforeClosing();
          return;
        }
        if (batch != null && !writeUntilDone(batch)) {
          return;
        }
        summarise(batch == null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failure = e;
      LOG.error("The loader stopped; what is in the log is loaded by the next start", e);
    }
  }

  /** Summarises runs that have ended, when nothing else is to be done or some have waited long. */
  private void summarise(boolean idle) {
    if (!summaries.areDue()) {
      lastSummary = ticker.nanos();
      return;
    }
    if (!closing && (idle || ticker.nanos() - lastSummary > SUMMARY_PATIENCE_NANOS)) {
      summaries.fill(connection);
      lastSummary = ticker.nanos();
    }
  }

  /** Summarises what has ended, so that a file that nobody holds is quick to ask; not for ever. */
  private void summariseBeforeClosing() {
    long deadline = ticker.nanos() + LAST_SUMMARIES_NANOS;
    while (summaries.areDue() && ticker.nanos() < deadline) {
      summaries.fill(connection);
    }
  }

  /** The next rows to write together; null if there are none. */
  private @Nullable Batch next() throws InterruptedException {
    Batch batch = batches.poll(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    if (batch == null) {
      return null;
    }
    long deadline = ticker.nanos() + PATIENCE_NANOS;
    while (batch.rows() < FULL) {
      Batch more =
          closing ? batches.poll() : batches.poll(deadline - ticker.nanos(), TimeUnit.NANOSECONDS);
      if (more == null) {
        break;
      }
      batch.add(more);
    }
    return batch;
  }

  private boolean writeUntilDone(Batch batch) throws InterruptedException {
    long began = ticker.nanos();
    for (int attempt = 1; ; attempt++) {
      try {
        if (attempt == 1 || !isCommitted(batch)) {
          write(batch);
        }
        codes.saved();
        writingNanos.add(ticker.nanos() - began);
        count(batch);
        return true;
      } catch (SQLException e) {
        if (closing) {
          LOG.warn(
              "rows are left to the next start rows={} reason=\"{}\"",
              batch.rows(),
              e.getMessage());
          return false;
        }
        requireUsable(e);
        retries.increment();
        if (attempt % ATTEMPTS_BETWEEN_WARNINGS == 1) {
          LOG.warn(
              "a transaction failed and is repeated attempt={} rows={} reason=\"{}\"",
              attempt,
              batch.rows(),
              e.getMessage());
        }
        Pause.of(BEFORE_RETRY);
      }
    }
  }

  /** Stops where repeating is in vain: DuckDB has given the open file up. */
  private static void requireUsable(SQLException failure) {
    if (String.valueOf(failure.getMessage()).contains(GIVEN_UP)) {
      throw new WarehouseException(
          "DuckDB gave the file up; start again, nothing is lost: " + failure.getMessage(),
          failure);
    }
  }

  /**
   * Writes in a transaction that is begun by a statement of its own: with auto-commit off, DuckDB's
   * driver begins one only at the first statement, and what appenders wrote before stands alone.
   */
  private void write(Batch batch) throws SQLException {
    Sql.execute(connection, "BEGIN TRANSACTION");
    try {
      tokens.append(connection, batch.tokens());
      for (var events : batch.events().entrySet()) {
        try (var appender = connection.createAppender(events.getKey().name())) {
          for (var event : events.getValue()) {
            events.getKey().append(appender, event);
          }
        }
      }
      writeQuarantined(batch);
      summaries.invalidate(connection, batch);
      codes.save(connection);
      Offsets.save(connection, batch.nextOffsets());
      Sql.execute(connection, "COMMIT");
    } catch (SQLException | RuntimeException e) {
      try {
        rollBack();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private void writeQuarantined(Batch batch) throws SQLException {
    if (batch.quarantined().isEmpty()) {
      return;
    }
    try (var appender = connection.createAppender("quarantine")) {
      for (Quarantined entry : batch.quarantined()) {
        entry.append(appender);
      }
    }
  }

  /** Ends a transaction that may be open. */
  private void rollBack() throws SQLException {
    try {
      Sql.execute(connection, "ROLLBACK");
    } catch (SQLException e) {
      if (!String.valueOf(e.getMessage()).contains(NONE_OPEN)) {
        throw e;
      }
    }
  }

  /**
   * Whether a commit that reported an error has happened all the same.
   *
   * @throws SQLException if that cannot be told now; writing would double the rows
   */
  private boolean isCommitted(Batch batch) throws SQLException {
    rollBack();
    return !batch.nextOffsets().isEmpty()
        && Offsets.load(connection).entrySet().containsAll(batch.nextOffsets().entrySet());
  }

  private void count(Batch batch) {
    rows.add(batch.rows());
    quarantined.add(batch.quarantined().size());
    transactions.increment();
    summaries.committed(batch);
    committed.putAll(batch.nextOffsets());
  }
}
