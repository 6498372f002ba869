package dev.kvasir.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.event.RunLabelled;
import dev.kvasir.event.Verdict;
import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.sink.warehouse.QueryLimits;
import dev.kvasir.sink.warehouse.Rebuild;
import dev.kvasir.sink.warehouse.SampleRuns;
import dev.kvasir.sink.warehouse.Selection;
import dev.kvasir.sink.warehouse.TableSum;
import dev.kvasir.sink.warehouse.WarehouseReader;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Homes that earlier versions wrote. {@code -Dfixture.write=VERSION} writes one by this version,
 * which then belongs into the lists below and stays for ever.
 */
class UpgradeTest {

  private static final Path FIXTURES = Path.of("src/test/resources/dev/kvasir/sink/homes");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long MEMORY = 256L << 20;
  private static final String ROWS =
      """
      SELECT table_name, estimated_size FROM duckdb_tables()
      WHERE table_name IN ('run_started', 'run_finished', 'run_labelled', 'request_sent',
        'request_finished', 'token') ORDER BY 1
      """;

  static {
    // Whoever reads or writes events makes Avro trust their classes.
    new EventDeserializer(Registry.embedded()).close();
  }

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = "0.2.0")
  void itsTablesAreAskedAndLoadOn(String version) throws Exception {
    unpack(version);
    List<?> before;
    try (WarehouseReader reader =
        WarehouseReader.open(warehouse(), exports(), QueryLimits.USUAL, MEMORY)) {
      assertThat(
              reader
                  .query("SELECT strategy, verdict, n, labels['site'] FROM results ORDER BY run")
                  .rows())
          .isEqualTo(
              List.of(
                  List.of("cpu", "valid", 40L, "here"), List.of("gds", "overloaded", 25L, "here")));
      before = reader.query(ROWS).rows();
    }

    try (EmbeddedBroker broker = broker();
        SinkStage sink = SinkStage.start(settings(broker))) {
      assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();
      assertThat(sink.counters().rows()).as("loaded before").isZero();
      assertThat(sink.queries().query(ROWS).rows()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "0.2.0")
  void itsLogMakesTheSameTables(String version) throws Exception {
    unpack(version);
    Map<String, TableSum> kept = byName(Rebuild.sums(warehouse(), exports(), MEMORY));

    try (EmbeddedBroker broker = broker()) {
      List<TableSum> made =
          new Rebuild(
                  broker.bootstrapServers(),
                  Registry.embedded(),
                  new LogArchive(folder.resolve("archive")),
                  MEMORY)
              .into(folder.resolve("made.duckdb"), exports(), Selection.ALL, rows -> {});

      assertThat(byName(made)).isEqualTo(kept);
    }
  }

  @Test
  void aFixtureIsWrittenWhenItIsAskedFor() throws Exception {
    String version = System.getProperty("fixture.write");
    if (version == null) {
      assertThat(FIXTURES).isNotEmptyDirectory();
      return;
    }
    try (EmbeddedBroker broker = broker()) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        TopicLayout.EMBEDDED.create(admin);
      }
      TestLog.publish(broker.bootstrapServers(), events());
      try (SinkStage sink = SinkStage.start(settings(broker))) {
        assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();
      }
    }
    Files.createDirectories(FIXTURES);
    pack(FIXTURES.resolve(version + ".zip"));
  }

  private static List<SpecificRecord> events() {
    List<SpecificRecord> events = new ArrayList<>();
    events.addAll(run(1, "cpu", 40, Verdict.VALID));
    events.addAll(run(2, "gds", 25, Verdict.OVERLOADED));
    return events;
  }

  private static List<SpecificRecord> run(
      long number, String strategy, int requests, Verdict verdict) {
    List<SpecificRecord> events = new ArrayList<>();
    events.add(SampleRuns.started(number, strategy, "rate=2.5", 1));
    events.addAll(SampleRuns.requests(number, requests, new Random(number)));
    events.add(SampleRuns.finished(number, verdict));
    events.add(
        RunLabelled.newBuilder()
            .setRun(number)
            .setAt(SampleRuns.START)
            .setLabels(Map.of("site", "here"))
            .build());
    return events;
  }

  private EmbeddedBroker broker() throws IOException {
    return EmbeddedBroker.start(folder.resolve("kafka"), 0);
  }

  private SinkSettings settings(EmbeddedBroker broker) {
    return SinkSettings.of(
        broker.bootstrapServers(), Registry.embedded(), warehouse(), exports(), TestLog.TOKEN);
  }

  private Path warehouse() {
    return folder.resolve("warehouse.duckdb");
  }

  private Path exports() {
    return folder.resolve("exports");
  }

  private static Map<String, TableSum> byName(List<TableSum> tables) {
    Map<String, TableSum> byName = new TreeMap<>();
    tables.forEach(table -> byName.put(table.table(), table));
    return byName;
  }

  private void pack(Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file));
        Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(each).toString();
        if (!name.endsWith(".lock")) {
          zip.putNextEntry(new ZipEntry(name));
          zip.write(Files.readAllBytes(each));
          zip.closeEntry();
        }
      }
    }
  }

  private void unpack(String version) throws IOException {
    Path fixture = FIXTURES.resolve(version + ".zip");
    try (InputStream in = Files.newInputStream(fixture);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path target = folder.resolve(entry.getName());
        Files.createDirectories(target.getParent());
        Files.write(target, zip.readAllBytes());
      }
    }
  }
}
