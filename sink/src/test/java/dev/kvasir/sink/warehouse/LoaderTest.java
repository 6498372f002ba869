package dev.kvasir.sink.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kvasir.event.TokenReceived;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoaderTest {

  private static final LogPartition PARTITION =
      new LogPartition(new Uuid(1, 2), "kvasir.tokens", 0);
  private static final long MEMORY = 64 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  static {
    // Whoever reads or writes events makes Avro trust their classes.
    new EventDeserializer(Registry.embedded()).close();
  }

  @TempDir Path folder;
  private WarehouseFile file;
  private Loader loader;
  private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(4);

  @BeforeEach
  void start() throws Exception {
    file = WarehouseFile.open(folder.resolve("warehouse.duckdb"), folder.resolve("out"), MEMORY);
    loader = new Loader(file.connect(), batches, Ticker.system());
    loader.start();
  }

  @AfterEach
  void stop() throws Exception {
    loader.close();
    file.close();
  }

  @Test
  void aTransactionThatFailsIsRepeatedUntilItSucceedsAndIsWrittenOnce() throws Exception {
    batches.put(batch(1, 10));
    awaitCommitted(10);
    try (var other = file.connect()) {
      Sql.execute(other, "BEGIN");
      Sql.execute(other, "UPDATE offsets SET next_offset = 99");
      Batch second = batch(2, 20);
      int tokens = second.tokens().size();
      batches.put(second);
      await().atMost(LIMIT).until(() -> loader.counters().retries() >= 2);

      Sql.execute(other, "ROLLBACK");

      awaitCommitted(20);
      assertThat(read("SELECT count(*)::INTEGER FROM tokens WHERE run = 2")).isEqualTo(tokens);
      assertThat(read("SELECT count(*)::INTEGER FROM run_code WHERE run = 2")).isEqualTo(1);
      assertThat(read("SELECT next_offset::INTEGER FROM offsets")).isEqualTo(20);
    }
  }

  @Test
  void queriesThatExhaustTheMemoryCostTheLoaderNothing() throws Exception {
    FutureTask<Void> hog = new FutureTask<>(this::exhaustTheMemory, null);
    Thread.ofVirtual().start(hog);
    int tokens = 0;
    for (int next = 1; next <= 20; next++) {
      Batch batch = batch(next, next);
      tokens += batch.tokens().size();
      batches.put(batch);
    }
    hog.get();

    awaitCommitted(20);
    assertThat(loader.failure()).isNull();
    assertThat(read("SELECT count(*)::INTEGER FROM tokens")).isEqualTo(tokens);
    assertThat(read("SELECT count(*)::INTEGER FROM run_started")).isEqualTo(20);
  }

  private void exhaustTheMemory() {
    try (WarehouseReader reader = WarehouseReader.of(file, QueryLimits.USUAL)) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> reader.query("SELECT list(range) FROM range(100000000)"))
            .isInstanceOf(QueryRefusedException.class)
            .hasMessageContaining("memory");
      }
    }
  }

  private static Batch batch(long run, long next) {
    Batch batch = new Batch();
    batch.add(SampleRuns.started(run, "cpu", "rate=1", 1));
    List<SpecificRecord> events = SampleRuns.requests(run, 20, new Random(run));
    events.stream().filter(TokenReceived.class::isInstance).forEach(batch::add);
    batch.readUpTo(PARTITION, next);
    return batch;
  }

  private void awaitCommitted(long next) {
    await().atMost(LIMIT).until(() -> loader.committed().equals(Map.of(PARTITION, next)));
  }

  private Object read(String sql) {
    try (WarehouseReader reader = WarehouseReader.of(file, QueryLimits.USUAL)) {
      return reader.query(sql).rows().getFirst().getFirst();
    }
  }
}
