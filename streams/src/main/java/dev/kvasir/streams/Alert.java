package dev.kvasir.streams;

import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.WindowMeasured;
import dev.kvasir.streams.alert.RunAlerts;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.EventRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the rules of each run to its windows and samples. What comes before the run's start is
 * known waits for it. Rules are forgotten a day after their last use.
 */
final class Alert implements Processor<byte[], SpecificRecord, byte[], SpecificRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(Alert.class);

  private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);
  private static final Duration FORGOTTEN = Duration.ofHours(24);
  private static final int MOST_WAITING = 4096;

  /** A run's rules, or what waits for them, and how long nothing has come. */
  private static final class Entry {
    @Nullable RunAlerts alerts;
    final Deque<SpecificRecord> waiting = new ArrayDeque<>();
    long idleMinutes;
  }

  private final Map<Long, Entry> runs = new HashMap<>();
  private @Nullable ProcessorContext<byte[], SpecificRecord> context;
  private @Nullable KeyValueStore<byte[], byte[]> store;
  private long undecodable;

  @Override
  public void init(ProcessorContext<byte[], SpecificRecord> context) {
    this.context = context;
    KeyValueStore<byte[], byte[]> entries = context.getStateStore(KvasirTopology.ALERTS);
    store = entries;
    runs.clear();
    try (var all = entries.all()) {
      all.forEachRemaining(saved -> {
        long run = EventKey.run(saved.key);
        entry(run).alerts = RunAlerts.fromBytes(run, saved.value);
      });
    }
    Ticks.every(HOUSEKEEPING, context, (elapsedNanos, atMillis) -> forget(entries));
  }

  @Override
  public void process(Record<byte[], SpecificRecord> record) {
    SpecificRecord event = record.value();
    if (event == null) {
      undecodable++;
      LOG.warn("records of runs and samples could not be decoded records={}", undecodable);
      return;
    }
    switch (event) {
      case RunStarted start -> started(start);
      case WindowMeasured window -> observe(window.getRun(), window);
      case Sampled sample -> observe(sample.getRun(), sample);
      default -> {
        // Other events of a run change no alert.
      }
    }
  }

  private void started(RunStarted start) {
    Entry entry = entry(start.getRun());
    if (entry.alerts != null) {
      return;
    }
    RunAlerts alerts = RunAlerts.of(start);
    entry.alerts = alerts;
    for (SpecificRecord event : entry.waiting) {
      alerts.observe(event, this::raise);
    }
    entry.waiting.clear();
    save(start.getRun(), alerts);
  }

  private void observe(long run, SpecificRecord event) {
    Entry entry = entry(run);
    entry.idleMinutes = 0;
    RunAlerts alerts = entry.alerts;
    if (alerts != null) {
      if (alerts.observe(event, this::raise)) {
        save(run, alerts);
      }
      return;
    }
    if (entry.waiting.size() == MOST_WAITING) {
      entry.waiting.removeFirst();
    }
    entry.waiting.addLast(event);
  }

  private Entry entry(long run) {
    return runs.computeIfAbsent(run, absent -> new Entry());
  }

  private void raise(SpecificRecord alert) {
    if (context != null) {
      byte[] key = EventKey.ofRun(EventRecord.run(alert));
      context.forward(new Record<>(key, alert, EventRecord.at(alert) / 1_000_000));
    }
  }

  private void save(long run, RunAlerts alerts) {
    if (store != null) {
      store.put(EventKey.ofRun(run), alerts.toBytes());
    }
  }

  private void forget(KeyValueStore<byte[], byte[]> entries) {
    runs.entrySet()
        .removeIf(next -> {
          boolean over = ++next.getValue().idleMinutes >= FORGOTTEN.toMinutes();
          if (over) {
            entries.put(EventKey.ofRun(next.getKey()), null);
          }
          return over;
        });
  }
}
