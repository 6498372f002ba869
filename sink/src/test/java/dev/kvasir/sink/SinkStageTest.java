package dev.kvasir.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Verdict;
import dev.kvasir.sink.warehouse.DoorClient;
import dev.kvasir.sink.warehouse.QueryLimits;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.sink.warehouse.SampleRuns;
import dev.kvasir.sink.warehouse.WarehouseException;
import dev.kvasir.sink.warehouse.WarehouseReader;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Topic;
import dev.kvasir.topic.TopicLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkStageTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path folder;
  private TestLog log;

  @BeforeEach
  void startBroker() throws Exception {
    log = new TestLog(folder);
  }

  @AfterEach
  void stopBroker() {
    log.close();
  }

  @Test
  void whatIsInTheTopicsIsInTheTablesOnceHoweverOftenTheSinkRestarts() throws Exception {
    List<SpecificRecord> published = new ArrayList<>();
    Random random = new Random(3);
    for (int round = 1; round <= 3; round++) {
      List<SpecificRecord> events = run(round, random);
      log.publish(events);
      published.addAll(events);

      try (SinkStage sink = SinkStage.start(log.settings(folder))) {
        assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();
        assertThat(rowsByTable(sink)).isEqualTo(eventsByTable(published));
      }
    }
  }

  @Test
  void theDoorAnswersWhileEventsArrive() throws Exception {
    try (SinkStage sink = SinkStage.start(log.settings(folder));
        DoorClient door = new DoorClient(sink.door(), TestLog.TOKEN)) {
      log.publish(run(1, new Random(1)));
      assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();

      QueryResult result =
          door.query("SELECT run, verdict, rate, labels FROM runs WHERE run = $1", List.of(1L));

      assertThat(result.rows().getFirst().get(1)).isEqualTo("valid");
      assertThat(result.rows().getFirst().get(2)).isEqualTo(2.5);
      assertThat(get(sink.door().resolve("/health"), TestLog.TOKEN).body())
          .contains("\"lag\":0", "\"loading\":true");
      assertThat(get(sink.door().resolve("/health"), "0123456789abcdef0124").statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void bytesThatAreNoEventAreKeptAndCounted() throws Exception {
    byte[] garbage = {1, 2, 3};
    log.publishBytes(Topic.TOKENS.topicName(), EventKey.ofRequest(1, 2), garbage);
    log.publish(run(1, new Random(1)));

    try (SinkStage sink = SinkStage.start(log.settings(folder))) {
      assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();

      QueryResult kept = sink.queries().query("SELECT topic, hex(value), reason FROM quarantine");
      assertThat(kept.rows()).hasSize(1);
      assertThat(kept.rows().getFirst().subList(0, 2))
          .isEqualTo(List.of(Topic.TOKENS.topicName(), "010203"));
      assertThat(sink.counters().quarantined()).isEqualTo(1);
      assertThat(sink.queries().query("FROM runs").rows()).hasSize(1);
    }
  }

  @Test
  void aTopicThatWasMadeAnewIsReadFromItsBeginning() throws Exception {
    log.publish(run(1, new Random(1)));
    loadAll();
    delete(Topic.RUNS);
    TopicLayout.EMBEDDED.create(log.admin());
    log.publish(List.of(SampleRuns.started(9, "gds", "rate=1", 1)));

    loadAll();

    assertThat(readAll("SELECT run FROM run_started ORDER BY run")).isEqualTo(List.of(1L, 9L));
  }

  @Test
  void aRegistryThatIsAwayIsWaitedForAndPutsNothingInQuarantine() throws Exception {
    log.publish(run(1, new Random(1)));
    SinkSettings embedded = log.settings(folder);
    try (RegistryDoor door = RegistryDoor.away();
        SinkStage stage =
            SinkStage.start(
                SinkSettings.of(
                    embedded.bootstrapServers(),
                    door.registry(),
                    embedded.warehouse(),
                    embedded.exports(),
                    embedded.token()))) {
      await().atMost(LIMIT).until(() -> door.refused() > 2);
      assertThat(stage.failure()).isNull();
      assertThat(stage.counters().rows()).isZero();
      assertThat(stage.counters().quarantined()).isZero();

      door.comeBack();

      assertThat(stage.awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
      assertThat(stage.counters().rows()).isPositive();
      assertThat(stage.counters().quarantined()).isZero();
    }
  }

  @Test
  void recordsThatExpiredBeforeTheyWereLoadedAreNamed() throws Exception {
    log.publish(run(1, new Random(1)));
    loadAll();
    log.publish(run(2, new Random(2)));
    TopicPartition partition = partitionOf(EventKey.ofRun(2));
    log.admin().deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1))).all().get();

    loadAll();

    assertThat(readAll("SELECT kind FROM log_loss")).isEqualTo(List.of("expired"));
  }

  @Test
  void aLogThatEndsBeforeWhatWasLoadedIsNoticedAndItsRunsAreMarked() throws Exception {
    log.publish(run(1, new Random(1)));
    loadAll();
    // The broker loses its disk's tail: the same topic with a stored offset beyond its end.
    try (var file = java.sql.DriverManager.getConnection("jdbc:duckdb:" + warehouse());
        var statement = file.createStatement()) {
      statement.execute(
          "UPDATE offsets SET next_offset = next_offset + 7 WHERE topic = 'kvasir.runs'"
              + " AND next_offset > 0");
    }

    loadAll();
    long later = SampleRuns.START + Duration.ofDays(4_000).toNanos();
    log.publish(
        List.of(
            RunStarted.newBuilder(SampleRuns.started(9, "gds", "rate=1", 1)).setAt(later).build()));
    loadAll();

    assertThat(readAll("SELECT to_offset - from_offset FROM log_loss WHERE kind = 'cut'"))
        .containsOnly(7L);
    assertThat(readAll("SELECT run FROM runs WHERE log_cut")).isEqualTo(List.of(1L));
    assertThat(readAll("SELECT count(*) FROM runs")).isEqualTo(List.of(2L));
  }

  /** A file, or for a large table with rows a folder with a part for each run. */
  private static boolean holdsParquet(Path exported) {
    try (Stream<Path> files = Files.walk(exported)) {
      return files.anyMatch(
          file -> Files.isRegularFile(file) && file.toString().endsWith(".parquet"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void exportsAndSnapshotsHoldEverything() throws Exception {
    List<SpecificRecord> events = run(1, new Random(1));
    log.publish(events);
    try (SinkStage sink = SinkStage.start(log.settings(folder));
        DoorClient door = new DoorClient(sink.door(), TestLog.TOKEN)) {
      assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();

      List<Path> files = door.exportParquet("first");
      Path snapshot = door.snapshot("copy.duckdb");

      assertThat(files).contains(folder.resolve("exports/first/results.parquet"));
      assertThat(files).allMatch(Files::exists);
      assertThat(files)
          .filteredOn(file -> !Files.isDirectory(file) || file.endsWith("tokens"))
          .allMatch(SinkStageTest::holdsParquet);
      try (WarehouseReader copy =
          WarehouseReader.open(snapshot, folder, QueryLimits.USUAL, 128 << 20)) {
        assertThat(copy.query("SELECT n FROM results").rows())
            .isEqualTo(sink.queries().query("SELECT n FROM results").rows());
        assertThat(copy.query("FROM tokens ORDER BY ALL").rows())
            .isEqualTo(sink.queries().query("FROM tokens ORDER BY ALL").rows());
      }
      assertThatThrownBy(() -> door.exportParquet("../elsewhere")).hasMessageContaining("refused");
    }
  }

  @Test
  void aMissingTopicIsNamedAtStart() throws Exception {
    delete(Topic.ALERTS);

    assertThatThrownBy(() -> SinkStage.start(log.settings(folder)).close())
        .isInstanceOf(WarehouseException.class)
        .hasMessageContaining("kvasir.alerts");
  }

  private void delete(Topic topic) throws Exception {
    log.admin().deleteTopics(List.of(topic.topicName())).all().get();
    await()
        .atMost(LIMIT)
        .until(() -> !log.admin().listTopics().names().get().contains(topic.topicName()));
  }

  private void loadAll() throws Exception {
    try (SinkStage sink = SinkStage.start(log.settings(folder))) {
      assertThat(sink.awaitCaughtUp(LIMIT)).isTrue();
    }
  }

  private List<Object> readAll(String sql) {
    try (WarehouseReader reader =
        WarehouseReader.open(warehouse(), folder, QueryLimits.USUAL, 128 << 20)) {
      QueryResult result = reader.query(sql);
      return result.column(result.columns().getFirst().name());
    }
  }

  private Path warehouse() {
    return folder.resolve("warehouse.duckdb");
  }

  private static TopicPartition partitionOf(byte[] key) {
    return new TopicPartition(
        Topic.RUNS.topicName(),
        org.apache.kafka.common.utils.Utils.toPositive(
                org.apache.kafka.common.utils.Utils.murmur2(key))
            % TopicLayout.EMBEDDED.partitions());
  }

  private static List<SpecificRecord> run(long run, Random random) {
    List<SpecificRecord> events = new ArrayList<>();
    events.add(SampleRuns.started(run, "cpu", "rate=2.5", 1));
    events.addAll(SampleRuns.requests(run, 40, random));
    events.add(SampleRuns.finished(run, Verdict.VALID));
    return events;
  }

  static Map<String, Long> rowsByTable(SinkStage sink) {
    Map<String, Long> rows = new java.util.TreeMap<>();
    for (String table :
        List.of("run_started", "run_finished", "request_sent", "request_finished", "tokens")) {
      rows.put(
          table,
          (Long)
              sink.queries().query("SELECT count(*) FROM " + table).rows().getFirst().getFirst());
    }
    return rows;
  }

  static Map<String, Long> eventsByTable(List<SpecificRecord> events) {
    Map<String, Long> rows = new java.util.TreeMap<>();
    for (SpecificRecord event : events) {
      String table =
          switch (event.getSchema().getName()) {
            case "RunStarted" -> "run_started";
            case "RunFinished" -> "run_finished";
            case "RequestSent" -> "request_sent";
            case "RequestFinished" -> "request_finished";
            default -> "tokens";
          };
      rows.merge(table, 1L, Long::sum);
    }
    return rows;
  }

  private static HttpResponse<String> get(URI address, String token) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
