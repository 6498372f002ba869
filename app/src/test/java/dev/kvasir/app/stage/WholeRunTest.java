package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.sink.figure.Figure;
import dev.kvasir.sink.figure.FigureRequest;
import dev.kvasir.sink.figure.SloFigures;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kvasir run} as its users run it. */
class WholeRunTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final double SLOW = 5;
  private static final double FAST = 10;
  private static final Map<String, String> FIRST = Map.of("experiment", "first");

  /** The limit of the TTFT at which two rates differ most, and what attains it at either. */
  private static final String WIDEST_GAP =
      """
      WITH request AS (
        SELECT s.load_rate AS rate, f.outcome = 'OK' AS ok,
          (f.first_content_at_ns - f.due_at_ns) / 1e6 AS ttft_ms
        FROM request_finished f JOIN run_started s ON s.run = f.run
        WHERE s.experiment = 'second' AND f.phase = 'MEASURE'
      ),
      curve AS (
        SELECT b.ttft_ms AS bound, r.rate,
          count(*) FILTER (WHERE r.ok AND r.ttft_ms <= b.ttft_ms) / count(*) AS attained
        FROM request r, (SELECT DISTINCT ttft_ms FROM request) b GROUP BY ALL
      )
      SELECT bound, max(attained) FILTER (WHERE rate = 5) AS slow,
        max(attained) FILTER (WHERE rate = 10) AS fast
      FROM curve WHERE bound IS NOT NULL GROUP BY bound
      ORDER BY abs(slow - fast) DESC, bound LIMIT 1
      """;

  @TempDir private Path folder;
  private Path home;

  @BeforeEach
  void newHome() {
    home = folder.resolve("home");
  }

  @Test
  void everythingThatIsSentLandsAndOthersUseTheStagesMeanwhile() throws Exception {
    Path first = Plans.write(folder, "first", 40, 8, "recompute", "hbm-prefix");
    Path second = Plans.write(folder, "second", 10, List.of(SLOW, FAST), "kv-fp8");
    try (StageProcess run =
        StageProcess.on(home, folder, "run", "run", first.toString(), "--page-port=0")) {
      run.awaitSaying("first: 2 runs, 80 requests");
      try (StageProcess other = StageProcess.on(home, folder, "other", "run", second.toString())) {
        await().atMost(PATIENCE).until(() -> ask("SELECT count(*) FROM request_sent") > 10);

        assertThat(other.exitStatus()).as(other.said()).isIn(0, 4);
        assertThat(other.said())
            .contains("Using what already runs on")
            .containsPattern("kv-fp8 rate=5 +1 +10 +0 ")
            .containsPattern("kv-fp8 rate=10 +1 +10 +0 ");
      }
      assertThat(run.exitStatus()).as(run.said()).isIn(0, 4);
      assertThat(run.said())
          .containsPattern("recompute rate=8 +1 +40 +0 .* 100.0 % +[a-z-]+×1")
          .containsPattern("hbm-prefix rate=8 +1 +40 +0 .* 100.0 % +[a-z-]+×1")
          .contains("84 in the simulators' record: equal")
          .contains("kvasir --home " + home + " compare first");
    }
    int requests = 80 + 20 + 4 * Plans.WARM_UP;
    int chunks = requests * Plans.OUTPUT_TOKENS;

    assertThat(
            answer("SELECT (SELECT count(*) FROM request_finished), (SELECT count(*) FROM token)"))
        .containsExactly((long) requests, (long) chunks);
    assertThat(emitted("requests.csv")).isEqualTo(requests);
    assertThat(emitted("emissions.csv")).isEqualTo(chunks);
    assertThat(logged()).isEqualTo(List.of((long) requests, (long) chunks));
    try (Warehouse warehouse = Warehouse.of(Home.at(home))) {
      assertQuestionsKnowWhatWasSampled(warehouse);
      assertAttainmentIsThatOfTheRequests(warehouse);
    }
  }

  /** Questions name samples, tiers and stages as the server and the generator write them. */
  private static void assertQuestionsKnowWhatWasSampled(Warehouse warehouse) {
    for (String question :
        List.of(
            "memory", "breakdown", "tail", "hits", "miss-cost", "stalls", "kth-token", "drift")) {
      assertThat(warehouse.ask(question, FIRST).rows()).as(question).isNotEmpty();
    }
    QueryResult memory = warehouse.ask("memory", FIRST);
    assertThat(memory.column("kv_share")).as("%s", memory.rows()).doesNotContainNull();
    assertThat(warehouse.ask("breakdown", FIRST).column("source"))
        .contains("client", "server", "engine");
    assertThat(warehouse.ask("tail", FIRST).column("event")).contains("KV full", "preemption");
  }

  /** The curve and its crossing, at limits between those of the requests. */
  private static void assertAttainmentIsThatOfTheRequests(Warehouse warehouse) {
    List<Object> widest = warehouse.query(WIDEST_GAP).rows().getFirst();
    double limit = (Double) widest.get(0);
    double slow = (Double) widest.get(1);
    double fast = (Double) widest.get(2);
    double target = slow + (fast - slow) / 4;

    Figure curve =
        new SloFigures(warehouse.queries())
            .single(
                new SloFigures.Order(
                    List.of("second/kv-fp8"),
                    new FigureRequest.Limits(limit, 1e6, target),
                    true,
                    false,
                    null));
    QueryResult crossing =
        warehouse.ask(
            "goodput",
            Map.of(
                "experiment",
                "second",
                "ttft_slo",
                String.valueOf(limit),
                "tpot_slo",
                "1000000",
                "target",
                String.valueOf(target)));

    for (String type : List.of("Both", "TTFT")) {
      assertThat(heights(curve.data(), type))
          .as("%s under %s ms", type, limit)
          .containsEntry(SLOW, 100 * slow)
          .containsEntry(FAST, 100 * fast);
    }
    assertThat((Double) crossing.column("rate").getFirst())
        .isCloseTo(SLOW + (FAST - SLOW) / 4, within(1e-9));
    assertThat(crossing.column("highest_met")).containsExactly(fast >= target ? FAST : SLOW);
  }

  private static Map<Object, Object> heights(QueryResult data, String series) {
    Map<Object, Object> heights = new HashMap<>();
    for (int i = 0; i < data.rows().size(); i++) {
      if ("rate".equals(data.column("axis").get(i))
          && series.equals(data.column("series").get(i))) {
        heights.put(data.column("x").get(i), data.column("y").get(i));
      }
    }
    return heights;
  }

  @Test
  void aRunThatIsInterruptedEndsAsAbortedAndKeepsWhatWasSent() throws Exception {
    Path plan = Plans.write(folder, "long", 4000, 20, "recompute");
    try (StageProcess run =
        StageProcess.on(home, folder, "run", "run", plan.toString(), "--page-port=0")) {
      String page = run.awaitSaying("Live page: (\\S+)").group(1);
      await().atMost(PATIENCE).until(() -> ask("SELECT count(*) FROM request_finished") > 20);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(get(page + "metrics"))
                  .contains(NamedMetrics.always().stream().map(metric -> "\n" + metric).toList()));

      run.interrupt();

      assertThat(run.exitStatus()).as(run.said()).isEqualTo(130);
      assertThat(run.said()).contains("aborted").contains("Everything is in");
    }
    List<Long> counts =
        answer(
            """
            SELECT (SELECT count(*) FROM runs WHERE lower(verdict) = 'aborted'),
              (SELECT count(*) FROM request_sent),
              (SELECT count(*) FROM request_finished WHERE sent_at_ns IS NOT NULL),
              (SELECT count(*) FROM request_finished),
              (SELECT count(*) FROM request_sent ANTI JOIN request_finished USING (ordinal)),
              (SELECT count(*) FROM token)\
            """);
    long sent = counts.get(1);
    long due = 4000 + Plans.WARM_UP;
    long chunks = counts.getLast();
    assertThat(sent).isGreaterThan(20);
    assertThat(counts)
        .as("aborted runs, requests sent, of these ended, all ended, without an end, chunks")
        .containsExactly(1L, sent, sent, due, 0L, chunks);
    assertThat(logged()).containsExactly(due, chunks);
  }

  @Test
  void aServerThatCannotBeReachedStopsARunBeforeItStarts() throws Exception {
    try (StageProcess run =
        StageProcess.on(
            home,
            folder,
            "run",
            "run",
            "--page-port=0",
            "--url=http://127.0.0.1:1/v1/completions",
            "--model=m",
            "--strategy=s",
            "--experiment=e",
            "--dataset-name=synthetic",
            "--input-len=16",
            "--output-len=4",
            "--rate=1")) {
      assertThat(run.exitStatus()).as(run.said()).isEqualTo(1);
      assertThat(run.said())
          .contains("http://127.0.0.1:1/v1/completions cannot be reached")
          .doesNotContain("\tat ");
    }
    assertThat(home.resolve("warehouse.duckdb")).as("nothing was measured").doesNotExist();
  }

  private static String get(String address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  /** A number from the warehouse, whoever holds it; -1 while it cannot be asked. */
  private long ask(String sql) throws IOException, InterruptedException {
    return Files.exists(home.resolve("warehouse.duckdb")) ? answer(sql).getFirst() : -1;
  }

  /** A row of numbers from the warehouse, whoever holds it; -1 while it cannot be asked. */
  private List<Long> answer(String sql) throws IOException, InterruptedException {
    try (StageProcess asked = StageProcess.on(home, folder, "sql", "sql", "--format=csv", sql)) {
      if (asked.exitStatus() != 0) {
        return List.of(-1L);
      }
      String row = asked.said().lines().skip(1).findFirst().orElseThrow();
      return Arrays.stream(row.split(",", -1)).map(Long::valueOf).toList();
    }
  }

  private long emitted(String file) throws IOException {
    long rows = 0;
    try (Stream<Path> commands = Files.list(home.resolve("emissions"))) {
      for (Path each : commands.toList()) {
        rows += Files.readAllLines(each.resolve(file)).size() - 1L;
      }
    }
    return rows;
  }

  /** Requests that ended and chunks, counted in the topics themselves. */
  private List<Long> logged() throws Exception {
    long requests = 0;
    try (EmbeddedBroker broker = EmbeddedBroker.start(home.resolve("kafka"), 0);
        EventDeserializer events = new EventDeserializer(Registry.embedded())) {
      for (ConsumerRecord<byte[], byte[]> each : records(broker, Topic.REQUESTS)) {
        SpecificRecord event = events.deserialize(each.topic(), each.value());
        requests += event instanceof RequestFinished ? 1 : 0;
      }
      return List.of(requests, (long) records(broker, Topic.TOKENS).size());
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(EmbeddedBroker broker, Topic topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.topicName()).stream()
              .map(found -> new TopicPartition(found.topic(), found.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }
}
