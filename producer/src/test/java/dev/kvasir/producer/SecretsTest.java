package dev.kvasir.producer;

import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.plain;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.client.TlsServers;
import dev.kvasir.producer.exchange.Secrets;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.plan.PlanText;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A key gets to the server and nowhere else, whatever the server does with it. */
class SecretsTest {

  @TempDir private static Path folder;
  private static TestLog log;
  private static TlsServers tls;

  @BeforeAll
  static void start() throws Exception {
    log = TestLog.start(folder.resolve("kafka"));
    tls = TlsServers.make(folder);
  }

  @AfterAll
  static void stop() {
    log.close();
  }

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("seeds", 2));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noEventHoldsAKeyThatTheServerRepeats(long seed) throws Exception {
    String key = randomKey(new SplittableRandom(seed));
    String other = randomKey(new SplittableRandom(seed + 1_000_000));
    Files.writeString(folder.resolve("key"), key + "\n");
    Plan plan;
    List<ScriptedServer.Request> requests;
    try (ScriptedServer server =
        ScriptedServer.start(tls.sockets(), (request, out) -> repeat(request, out))) {
      plan = plan("secret-" + seed, server.url().replace("http:", "https:"), other);
      try (Generator generator = open()) {
        Plans.execute(generator, plan);
      }
      requests = server.requests();
    }

    assertThat(requests)
        .filteredOn(request -> request.head().startsWith("POST"))
        .isNotEmpty()
        .allSatisfy(request -> {
          assertThat(request.header("authorization")).isEqualTo("Bearer " + key);
          assertThat(request.header("x-foo")).isEqualTo(other);
        });
    assertThat(log.events(Topic.RUNS, RunFinished.class)).isNotEmpty();
    assertThat(log.events(Topic.RUNS, RunStarted.class)).isNotEmpty();
    for (Topic topic : Topic.values()) {
      assertThat(log.events(topic).toString())
          .as(topic + ", seed " + seed)
          .doesNotContain(key.substring(0, 8), other.substring(0, 8));
    }
    assertThat(PlanText.of(plan)).doesNotContain(key, other).contains("file: ");
    assertThat(filesThatHold(key.substring(0, 8)))
        .as("the file that the plan names, alone")
        .containsExactly(folder.resolve("key"));
    assertThat(filesThatHold(other.substring(0, 8))).isEmpty();
  }

  /** Files that are written here: Kafka's log, what is kept while it is away, and the key. */
  private static List<Path> filesThatHold(String text) throws IOException {
    List<Path> holding = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
          holding.add(file);
        }
      }
    }
    return holding;
  }

  /** Answers with what it was sent, in every way that a server can. */
  private static void repeat(ScriptedServer.Request request, OutputStream out) throws IOException {
    String key = request.header("authorization").replace("Bearer ", "");
    String other = request.header("x-foo");
    String both = key + " " + other;
    if (request.head().startsWith("GET /v1/models")) {
      write(out, plain(200, "application/json", "{\"data\":[{\"owned_by\":\"vllm\"}]}"));
    } else if (request.head().startsWith("GET /version")) {
      write(out, plain(200, "application/json", "{\"version\":\"" + both + "\"}"));
    } else if (request.head().startsWith("POST /reset")) {
      write(out, plain(400, "text/plain", "not with " + both));
    } else if (request.head().startsWith("GET")) {
      String page = "vllm:num_requests_running{key=\"" + both + "\"} 1\n";
      write(out, plain(200, "text/plain", page));
    } else {
      answer(request, both, out);
    }
  }

  private static void answer(ScriptedServer.Request request, String both, OutputStream out)
      throws IOException {
    String id = request.header("x-request-id");
    switch (Math.floorMod(Integer.parseInt(id.substring(id.indexOf('/') + 1)), 5)) {
      case 0 -> write(out, plain(401, "text/plain", "unknown key " + both));
      case 1 -> write(out, plain(500, "text/plain", "x".repeat(290) + both));
      case 2 -> write(out, plain(200, "application/json", "{\"error\":\"" + both + "\"}"));
      case 3 -> write(out, good(2).replace("t0 ", "t0").replace("length", both));
      default -> write(out, plain(200, "text/plain", "Bearer " + both));
    }
  }

  @Test
  void aKeyThatIsNotThereStopsThePlanBeforeItsRuns() {
    Plan plan = plan("none", "https://127.0.0.1:1/v1/completions", "x");

    assertThatThrownBy(
            () -> Credentials.of(environment(plan).strategies().getFirst(), name -> null))
        .hasMessageContaining("the environment variable KVASIR_TEST_KEY")
        .hasMessageContaining("is not there");
    assertThatThrownBy(
            () -> Credentials.of(environment(plan).strategies().getFirst(), name -> "sk-two words"))
        .hasMessageContaining("more than one printable word")
        .hasMessageNotContaining("sk-two");
  }

  @Test
  void aHeaderIsSentAsItStandsWhereThePlanSaysAndIsHidden() {
    Plan literal = plan("found", "https://127.0.0.1:1/v1/completions", "x");
    Plan plan =
        new PlanParser(new DatasetFolder(folder), Set.of())
            .parse(
                "plan.yaml",
                PlanText.of(literal).replace("X-Foo: '***'", "X-Foo: {env: KVASIR_TEST_HEADER}"));

    Credentials credentials =
        Credentials.of(plan.strategies().getFirst(), name -> name + " of-a-tenant");

    assertThat(credentials.headers()).containsEntry("X-Foo", "KVASIR_TEST_HEADER of-a-tenant");
    assertThat(credentials.secrets().hide("not of-a-tenant")).isEqualTo("not ***");
    assertThat(PlanText.of(plan)).containsPattern("X-Foo:\\s+env: KVASIR_TEST_HEADER");
  }

  @Test
  void beginningsOfASecretAreHiddenToo() {
    Secrets secrets = new Secrets(List.of("abcdefghijkl", "short"));

    assertThat(secrets.hide("say abcdefghijkl and abcdefghi; abcdefg, short"))
        .isEqualTo("say *** and ***; abcdefg, ***");
    assertThat(Secrets.NONE.hide("abc")).isEqualTo("abc");
    assertThat(secrets.hide(null)).isNull();
  }

  private static Plan environment(Plan plan) {
    return new PlanParser(new DatasetFolder(folder), Set.of())
        .parse("plan.yaml", PlanText.of(plan).replaceAll("file: .*key.*", "env: KVASIR_TEST_KEY"));
  }

  private static Plan plan(String experiment, String url, String other) {
    return new PlanParser(new DatasetFolder(folder), Set.of())
        .parse(
            "plan.yaml",
            """
            experiment: %s
            repeats: 1
            workload: {input-tokens: 20, prompts: 10}
            load: {concurrency: 2}
            warm-up: {requests: 0}
            record-text: true
            cache: {reset: [{url: "/reset?pass=%s"}, {command: "echo --token=%s"}]}
            strategies:
              - name: s
                url: %s
                model: m
                tls: {ca: ca.pem}
                api-key: {file: key}
                headers: {X-Foo: %s}
                metrics: "%s?token=%s"
                gpu: {dcgm: "%s?token=%s"}
            """
                .formatted(experiment, other, other, url, other, url, other, url, other));
  }

  private static String randomKey(SplittableRandom random) {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < 24; i++) {
      key.append((char) ('A' + random.nextInt(26)));
    }
    return key.toString();
  }

  private static Generator open() {
    return Generator.open(log.generator(folder));
  }
}
