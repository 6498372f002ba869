package dev.kvasir.streams;

import dev.kvasir.streams.pane.PartitionRuns;
import dev.kvasir.streams.pane.Report;
import dev.kvasir.topic.EventKey;
import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Folds a partition's requests and tokens into panes, and reports them on a tick of the wall clock,
 * so that a silent server does not silence the metrics. Restored panes are reported again.
 */
final class Measure implements Processor<byte[], SpecificRecord, byte[], Report> {

  static final Duration TICK = Duration.ofMillis(250);

  private PartitionRuns runs = new PartitionRuns(0);
  private long undecodable;

  @Override
  public void init(ProcessorContext<byte[], Report> context) {
    runs = new PartitionRuns(context.taskId().partition());
    PaneStore store = context.getStateStore(KvasirTopology.PANES);
    try (var entries = store.entries().all()) {
      entries.forEachRemaining(entry -> runs.restore(entry.key, entry.value));
    }
    store.beforeCommit(() -> runs.save(store.entries()::put));
    Ticks.every(
        TICK,
        context,
        (elapsedNanos, atMillis) ->
            runs.tick(
                elapsedNanos,
                undecodable,
                report ->
                    context.forward(new Record<>(EventKey.ofRun(report.run()), report, atMillis))));
  }

  @Override
  public void process(Record<byte[], SpecificRecord> record) {
    SpecificRecord event = record.value();
    if (event == null || !runs.accept(event)) {
      undecodable++;
    }
  }
}
