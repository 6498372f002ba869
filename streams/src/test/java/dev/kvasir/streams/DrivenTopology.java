package dev.kvasir.streams;

import dev.kvasir.event.WindowMeasured;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;

/** The real topology on one partition, with a clock that the test moves. */
final class DrivenTopology implements AutoCloseable {

  private static final Duration STEP = Duration.ofMillis(50);

  private final TopologyTestDriver driver;
  private final EventSerializer serializer = new EventSerializer(Registry.embedded());
  private final EventDeserializer deserializer = new EventDeserializer(Registry.embedded());
  private final Map<String, WindowMeasured> windows = new TreeMap<>();
  private final List<SpecificRecord> alerts = new ArrayList<>();

  DrivenTopology() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "driven");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    driver =
        new TopologyTestDriver(
            KvasirTopology.of(Registry.embedded()), config, Instant.ofEpochSecond(RunEvents.START));
  }

  void send(SpecificRecord event) {
    var record = EventRecord.of(event);
    sendBytes(Topic.of(event), record.key(), serializer.serialize(record.topic(), event));
  }

  void send(List<SpecificRecord> events) {
    events.forEach(this::send);
  }

  void sendBytes(Topic topic, byte[] key, byte[] value) {
    driver
        .createInputTopic(topic.topicName(), new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(key, value);
  }

  /** Lets wall-clock time pass and reads what came out. */
  void pass(Duration length) {
    for (Duration left = length; left.isPositive(); left = left.minus(STEP)) {
      driver.advanceWallClockTime(STEP);
    }
    for (SpecificRecord event : read(Topic.WINDOWS)) {
      WindowMeasured window = (WindowMeasured) event;
      windows.put(key(window.getRun(), window.getSeconds(), window.getEndSecond()), window);
    }
    alerts.addAll(read(Topic.ALERTS));
  }

  /** Lets wall-clock time pass in steps as large as the topology believes. */
  void passQuickly(Duration length) {
    Duration step = Duration.ofSeconds(2);
    for (Duration left = length; left.isPositive(); left = left.minus(step)) {
      driver.advanceWallClockTime(step);
    }
    pass(STEP);
  }

  /** How many entries are kept in all stores; of a run's requests its panes alone. */
  int entries() {
    int entries = 0;
    for (StateStore store : driver.getAllStateStores().values()) {
      KeyValueStore<byte[], byte[]> kept =
          store instanceof PaneStore panes
              ? panes.entries()
              : driver.getKeyValueStore(store.name());
      try (var all = kept.all()) {
        while (all.hasNext()) {
          byte[] key = all.next().key;
          entries += store instanceof PaneStore && key[0] != 'p' ? 0 : 1;
        }
      }
    }
    return entries;
  }

  private List<SpecificRecord> read(Topic topic) {
    return driver
        .createOutputTopic(topic.topicName(), new ByteArrayDeserializer(), deserializer)
        .readValuesToList();
  }

  /** The last version of a window; its end counted from {@link RunEvents#START}. */
  WindowMeasured window(long run, int seconds, long end) {
    WindowMeasured window = windows.get(key(run, seconds, RunEvents.START + end));
    if (window == null) {
      throw new AssertionError("no window of " + seconds + " s ends at " + end + ": " + ends(run));
    }
    return window;
  }

  /** The newest window of a length. */
  WindowMeasured newest(long run, int seconds) {
    return windows.values().stream()
        .filter(window -> window.getRun() == run && window.getSeconds() == seconds)
        .reduce((first, second) -> first.getEndSecond() > second.getEndSecond() ? first : second)
        .orElseThrow();
  }

  private List<Long> ends(long run) {
    return windows.values().stream()
        .filter(window -> window.getRun() == run && window.getSeconds() == 0)
        .map(window -> window.getEndSecond() - RunEvents.START)
        .toList();
  }

  List<WindowMeasured> windows() {
    return List.copyOf(windows.values());
  }

  List<SpecificRecord> alerts() {
    return alerts;
  }

  private static String key(long run, int seconds, long end) {
    return run + "/" + seconds + "/" + end;
  }

  @Override
  public void close() {
    driver.close();
    serializer.close();
    deserializer.close();
  }
}
