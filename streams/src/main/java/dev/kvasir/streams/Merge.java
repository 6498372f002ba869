package dev.kvasir.streams;

import dev.kvasir.event.WindowMeasured;
import dev.kvasir.streams.pane.Report;
import dev.kvasir.streams.window.MergedRuns;
import dev.kvasir.topic.EventKey;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Merges the panes of a run's partitions and measures its windows, shortly after they change. */
final class Merge implements Processor<byte[], Report, byte[], SpecificRecord> {

  static final Duration TICK = Duration.ofMillis(100);

  private MergedRuns runs = new MergedRuns((key, value) -> {});

  @Override
  public void init(ProcessorContext<byte[], SpecificRecord> context) {
    KeyValueStore<byte[], byte[]> store = context.getStateStore(KvasirTopology.MERGED);
    runs = new MergedRuns(store::put);
    try (var entries = store.all()) {
      entries.forEachRemaining(entry -> runs.restore(entry.key, entry.value));
    }
    Ticks.every(
        TICK,
        context,
        (elapsedNanos, atMillis) ->
            runs.tick(elapsedNanos, window -> context.forward(record(window))));
  }

  private static Record<byte[], SpecificRecord> record(WindowMeasured window) {
    return new Record<>(EventKey.ofRun(window.getRun()), window, window.getAt() / 1_000_000);
  }

  @Override
  public void process(Record<byte[], Report> record) {
    runs.accept(record.value());
  }
}
