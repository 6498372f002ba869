package dev.kvasir.sink.warehouse;

import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.sink.archive.LogConsumer;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.Registry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** The log flowing into the warehouse file: a reader thread ahead of a writer thread. */
public final class Loading implements AutoCloseable {

  private static final int BATCHES_AHEAD = 8;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  /** Much at a time, and soon. */
  private static final Map<String, Object> FETCHING =
      Map.of(
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          20_000,
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          16 << 20,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          4 << 20,
          ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
          100);

  private final Admin admin;
  private final LogEnds ends;
  private final Map<TopicPartition, LogPartition> partitions;
  private final LogReader reader;
  private final Loader loader;
  private final Ticker ticker = Ticker.system();

  private Loading(
      Admin admin,
      LogEnds ends,
      Map<TopicPartition, LogPartition> partitions,
      LogReader reader,
      Loader loader) {
    this.admin = admin;
    this.ends = ends;
    this.partitions = partitions;
    this.reader = reader;
    this.loader = loader;
  }

  /**
   * Starts loading where the file says.
   *
   * @throws WarehouseException if a topic is missing or Kafka does not answer
   */
  public static Loading start(WarehouseFile file, String bootstrapServers, Registry registry)
      throws InterruptedException {
    LogArchive archive = new LogArchive(file.path().resolveSibling("archive"));
    return start(file, bootstrapServers, registry, archive, Selection.ALL);
  }

  /**
   * The same with an archive elsewhere, or of some events only.
   *
   * @param archive holds what has left the log
   * @param selection which events are loaded
   */
  static Loading start(
      WarehouseFile file,
      String bootstrapServers,
      Registry registry,
      LogArchive archive,
      Selection selection)
      throws InterruptedException {
    Admin admin = Admin.create(ClientAccess.ofProcess().kafka(bootstrapServers, Map.of()));
    try {
      Loading loading = prepare(file, admin, bootstrapServers, registry, archive, selection);
      loading.loader.start();
      loading.reader.start();
      return loading;
    } catch (SQLException e) {
      admin.close();
      throw WarehouseFile.failure(file.path(), e);
    } catch (InterruptedException | RuntimeException e) {
      admin.close();
      throw e;
    }
  }

  private static Loading prepare(
      WarehouseFile file,
      Admin admin,
      String bootstrapServers,
      Registry registry,
      LogArchive archive,
      Selection selection)
      throws SQLException, InterruptedException {
    LogEnds ends = new LogEnds(admin);
    Map<TopicPartition, LogPartition> partitions = ends.partitions();
    DuckDBConnection connection = file.connect();
    LogPosition position =
        new LogPosition(ends, connection, WallClock.system(), archive, selection);
    Map<TopicPartition, Long> starts = position.resume(partitions);
    BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BATCHES_AHEAD);
    Loader loader = new Loader(connection, batches, Ticker.system());
    KafkaConsumer<byte[], byte[]> consumer =
        LogConsumer.open(bootstrapServers, "kvasir-sink", FETCHING);
    consumer.assign(partitions.keySet());
    starts.forEach(consumer::seek);
    LogReader reader =
        new LogReader(
            consumer,
            new EventDeserializer(registry),
            batches,
            partitions,
            position.expired(),
            selection);
    return new Loading(admin, ends, partitions, reader, loader);
  }

  /**
   * Waits until everything that was in the topics at the time of the call is committed.
   *
   * @return false if it is not within the limit
   * @throws WarehouseException if loading has stopped
   */
  public boolean awaitCaughtUp(Duration limit) throws InterruptedException {
    long deadline = ticker.nanos() + limit.toNanos();
    Map<TopicPartition, Long> wanted = ends.ends(partitions.keySet());
    while (!isCommitted(wanted)) {
      Throwable failure = failure();
      if (failure != null) {
        throw new WarehouseException("loading has stopped: " + failure.getMessage(), failure);
      }
      if (ticker.nanos() - deadline > 0) {
        return false;
      }
      Pause.of(BETWEEN_LOOKS);
    }
    return true;
  }

  private boolean isCommitted(Map<TopicPartition, Long> wanted) {
    Map<LogPartition, Long> committed = loader.committed();
    return partitions.entrySet().stream()
        .allMatch(entry ->
            committed.getOrDefault(entry.getValue(), 0L)
                >= wanted.getOrDefault(entry.getKey(), 0L));
  }

  /** Records that are in the log and not committed yet, by topic and partition. */
  Map<String, Long> lag() throws InterruptedException {
    Map<TopicPartition, Long> last = ends.ends(partitions.keySet());
    Map<LogPartition, Long> committed = loader.committed();
    Map<String, Long> lag = new TreeMap<>();
    partitions.forEach((partition, source) ->
        lag.put(
            partition.toString(),
            last.getOrDefault(partition, 0L) - committed.getOrDefault(source, 0L)));
    return lag;
  }

  /** What has been loaded since the start. */
  public LoaderCounters counters() {
    return loader.counters();
  }

  /** Reports what has been loaded, what waits, and what the consumer measures of itself. */
  public void meter(MeterRegistry registry) {
    reader.meter(registry);
    counter(registry, "rows", "rows written", LoaderCounters::rows);
    counter(registry, "transactions", "transactions committed", LoaderCounters::transactions);
    counter(registry, "retries", "transactions that were written again", LoaderCounters::retries);
    counter(registry, "quarantined", "records that could not be read", LoaderCounters::quarantined);
    FunctionTimer.builder(
            "kvasir.sink.commit",
            this,
            loading -> loading.counters().transactions(),
            loading -> loading.counters().writingNanos(),
            TimeUnit.NANOSECONDS)
        .description("transactions from their first row to their commit, repetitions included")
        .register(registry);
    Gauge.builder(
            "kvasir.sink.batches.waiting", this, loading -> loading.counters().waitingBatches())
        .description("batches read and not written yet")
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, String what, ToLongFunction<LoaderCounters> count) {
    FunctionCounter.builder(
            "kvasir.sink." + name, this, loading -> count.applyAsLong(loading.counters()))
        .description(what)
        .register(registry);
  }

  /** Why loading stopped; null while it works. */
  public @Nullable Throwable failure() {
    Throwable failure = loader.failure();
    return failure == null ? reader.failure() : failure;
  }

  /** Stops reading, finishes what was read, and stops writing. */
  @Override
  public void close() {
    try {
      reader.close();
      loader.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException e) {
      throw new WarehouseException("the loader could not be closed: " + e.getMessage(), e);
    } finally {
      admin.close();
    }
  }
}
