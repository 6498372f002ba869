package dev.kvasir.streams;

import dev.kvasir.streams.pane.Report;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The diagram as code.
 *
 * <pre>
 * requests ┐                                       runs ┐
 * tokens ──┴▶ measure ──▶ panes (keyed by run) ─────────┴▶ merge ─┬──────────────────▶ windows
 *                                                                 │
 *                                              runs, samples ─────┴▶ alert ──────────▶ alerts
 * </pre>
 */
final class KvasirTopology {

  static final String PANES = "panes";
  static final String MERGED = "merged-runs";
  static final String ALERTS = "run-alerts";

  private final Serde<byte[]> keys = Serdes.ByteArray();
  private final Serde<SpecificRecord> events;
  private final StreamsBuilder builder = new StreamsBuilder();

  private KvasirTopology(Registry registry) {
    events = new EventSerde(registry);
  }

  static Topology of(Registry registry) {
    return new KvasirTopology(registry).build(true);
  }

  /** The same, of whose alerts nobody hears. */
  static Topology silent(Registry registry) {
    return new KvasirTopology(registry).build(false);
  }

  private Topology build(boolean tellingAlerts) {
    builder.addStateStore(new PaneStore.Builder(PANES));
    builder.addStateStore(inMemory(MERGED));
    builder.addStateStore(inMemory(ALERTS));

    KStream<byte[], SpecificRecord> requestsAndTokens =
        read("measured", Topic.REQUESTS, Topic.TOKENS);
    KStream<byte[], SpecificRecord> runs = read("runs", Topic.RUNS);
    KStream<byte[], SpecificRecord> samples = read("samples", Topic.SAMPLES);

    KStream<byte[], Report> panes =
        requestsAndTokens
            .process(Measure::new, Named.as("measure"), PANES)
            .repartition(Repartitioned.with(keys, new ReportSerde()).withName(PANES));

    KStream<byte[], Report> ends = runs.flatMapValues(Report.RunEnded::of, Named.as("run-ends"));

    KStream<byte[], SpecificRecord> windows =
        panes
            .merge(ends, Named.as("panes-and-ends"))
            .process(Merge::new, Named.as("merge"), MERGED);

    KStream<byte[], SpecificRecord> alerts =
        windows
            .merge(runs, Named.as("windows-and-runs"))
            .merge(samples, Named.as("windows-runs-and-samples"))
            .process(Alert::new, Named.as("alert"), ALERTS);

    write("windows", windows, Topic.WINDOWS);
    if (tellingAlerts) {
      write("alerts", alerts, Topic.ALERTS);
    }
    return builder.build();
  }

  private KStream<byte[], SpecificRecord> read(String name, Topic... topics) {
    List<String> names = Arrays.stream(topics).map(Topic::topicName).toList();
    return builder.stream(
        names,
        Consumed.with(keys, events).withOffsetResetPolicy(AutoOffsetReset.none()).withName(name));
  }

  private void write(String name, KStream<byte[], SpecificRecord> stream, Topic topic) {
    stream.to(topic.topicName(), Produced.with(keys, events).withName(name));
  }

  private static StoreBuilder<KeyValueStore<byte[], byte[]>> inMemory(String name) {
    return Stores.keyValueStoreBuilder(
        Stores.inMemoryKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray());
  }
}
