package dev.kvasir.sink.warehouse;

import dev.kvasir.time.Ticker;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.Registry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import org.apache.avro.specific.SpecificRecord;
import org.awaitility.Awaitility;

/** A warehouse that is filled without Kafka, by the loader that Kafka feeds. */
public final class WarehouseFixture implements AutoCloseable {

  static {
    // Whoever reads or writes events makes Avro trust their classes.
    new EventDeserializer(Registry.embedded()).close();
  }

  private final WarehouseFile file;
  private final WarehouseReader reader;

  public WarehouseFixture(Path folder) {
    file = WarehouseFile.open(folder.resolve("warehouse.duckdb"), folder.resolve("out"), 256 << 20);
    reader = WarehouseReader.of(file, QueryLimits.USUAL);
  }

  /** Writes events by a loader that has just started. */
  public void load(List<? extends SpecificRecord> events) throws Exception {
    Batch batch = new Batch();
    events.forEach(batch::add);
    var batches = new ArrayBlockingQueue<Batch>(1);
    batches.put(batch);
    Loader loader = new Loader(file.connect(), batches, Ticker.system());
    loader.start();
    loader.close();
  }

  /** Waits until the numbers of every ended run are kept. */
  public void rest() throws Exception {
    Loader loader = new Loader(file.connect(), new ArrayBlockingQueue<>(1), Ticker.system());
    loader.start();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() ->
            query("SELECT 1 FROM run_finished e ANTI JOIN run_summary k ON k.run = e.run")
                .rows()
                .isEmpty());
    loader.close();
  }

  public WarehouseReader reader() {
    return reader;
  }

  public QueryResult query(String sql) {
    return reader.query(sql);
  }

  @Override
  public void close() {
    reader.close();
    file.close();
  }
}
