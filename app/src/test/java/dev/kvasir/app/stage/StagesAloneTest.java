package dev.kvasir.app.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.kvasir.app.pipeline.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every stage as a process of its own, over an outside Kafka and an outside registry server. */
class StagesAloneTest {

  private static final int REQUESTS = 24;

  private static final String PLAN =
      """
      experiment: alone
      repeats: 1
      workload:
        kind: synthetic
        prompts: %d
        input-tokens: 64
        output-tokens: 8
        ignore-eos: true
        reason: a test
      load:
        rates: [20]
      warm-up:
        requests: 2
      strategies:
        - name: hbm-prefix
          url: http://127.0.0.1:1/v1/completions
          model: toy
      """
          .formatted(REQUESTS);

  private static final String COUNTS =
      """
      SELECT 'requests=' || count(*) || ' tokens=' || sum(chunks)
        || ' windows=' || (SELECT max(tokens) FROM windows WHERE seconds = 0) AS counts
      FROM requests WHERE phase = 'MEASURE'
      """;

  @TempDir private Path folder;

  @Test
  void theStagesMeetOnlyInTheTopicsOfAnOutsideKafka() throws Exception {
    Path plan = Files.writeString(folder.resolve("plan.yaml"), PLAN);
    List<Integer> ports = Ports.free(2);
    try (ApicurioServer registry = ApicurioServer.start(folder);
        StageProcess kafka =
            StageProcess.kvasir(
                folder,
                "broker",
                List.of(
                    "--listener=CLIENT=" + ports.get(0),
                    "--controller-port=" + ports.get(1),
                    "--metrics-port=0"),
                "broker");
        StageProcess server =
            StageProcess.kvasir(
                folder,
                "simulator",
                List.of("--profile", "hbm-prefix", "--port", "0", "--model", "toy"),
                "simulate")) {
      List<String> log =
          List.of(
              "--bootstrap-servers",
              kafka.awaitSaying("Kafka: (\\S+)").group(1),
              "--schema-registry",
              registry.address().toString());
      String url = server.awaitSaying("(http://\\S+/v1) ").group(1) + "/completions";
      try (StageProcess sink =
              StageProcess.kvasir(folder, "sink", log, "sink", "--metrics-port=0");
          StageProcess streams =
              StageProcess.kvasir(folder, "streams", log, "stream", "--metrics-port=0");
          StageProcess page = StageProcess.kvasir(folder, "page", log, "page", "--page-port=0")) {
        sink.awaitSaying("Loading ");
        streams.awaitSaying("Streams run");
        String address = page.awaitSaying("Live page: (\\S+)").group(1);

        try (StageProcess producer =
            StageProcess.kvasir(
                folder,
                "producer",
                log,
                "produce",
                plan.toString(),
                "--server",
                "hbm-prefix=" + url)) {
          assertThat(producer.exitStatus()).as(producer.said()).isIn(0, 4);
        }

        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() ->
                assertThat(ask(folder.resolve("sink")))
                    .contains(
                        "requests=%d tokens=%d windows=%d"
                            .formatted(REQUESTS, REQUESTS * 8, REQUESTS * 8)));
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(get(address + "api/runs")).contains("alone"));
        String metrics = metrics(kafka) + metrics(sink) + metrics(streams);
        assertThat(
                NamedMetrics.dashboard(
                    "kafka_", "kvasir_broker_", "kvasir_sink_", "kvasir_disk_", "jvm_"))
            .isNotEmpty()
            .allSatisfy(metric -> assertThat(metrics).contains("\n" + metric));
        assertThat(registry.get("/subjects")).contains("kvasir.tokens-dev.kvasir.event");
      }
    }
  }

  private static String metrics(StageProcess stage) throws IOException, InterruptedException {
    return get(stage.awaitSaying("Metrics: (\\S+)").group(1));
  }

  private String ask(Path home) throws IOException, InterruptedException {
    try (StageProcess sql =
        StageProcess.java(
            folder,
            "sql",
            "dev.kvasir.app.Main",
            List.of("--home", home.toString(), "sql", COUNTS))) {
      sql.exitStatus();
      return sql.said();
    }
  }

  private static String get(String address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
          .body();
    }
  }
}
