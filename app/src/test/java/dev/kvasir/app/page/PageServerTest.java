package dev.kvasir.app.page;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.MeterServer;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.app.stage.NamedMetrics;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.Verdict;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.Topic;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageServerTest {

  private static final String TOKEN = "a-token-of-some-length";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static LiveLog log;
  private static PageServer page;

  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeAll
  static void startTheLog() throws Exception {
    log = LiveLog.start(folder);
    page = log.openPage(0);
  }

  @AfterAll
  static void stopTheLog() {
    page.close();
    log.close();
  }

  @Test
  void aRunIsFoundWithItsWindowsAndAnUnreadableRecordIsCounted() throws Exception {
    SyntheticRun run = SyntheticRun.named("served", 1_000, 1_800_000_000L);
    log.publishNonsense(Topic.WINDOWS);
    log.publish(run.started(), run.measuring());
    log.publish(run.windowsAfter(1));
    log.publish(run.windowsAfter(2));
    log.publish(run.finished(Verdict.OVERLOADED, "too slow"));

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(verdictOf("1000")).isEqualTo("overloaded"));
    JsonObject history = new JsonObject(get("/api/runs/1000/windows/10").body());
    assertThat(history.getJsonArray("windows")).hasSize(2);
    assertThat(history.getJsonObject("run").getJsonArray("reasons"))
        .isEqualTo(new JsonArray().add("too slow"));
    JsonObject source = new JsonObject(get("/api/runs").body()).getJsonObject("source");
    assertThat(source.getLong("undecodable")).isEqualTo(1);
  }

  @Test
  void anOpenStreamGetsASnapshotAndThenUpdates() throws Exception {
    SyntheticRun run = SyntheticRun.named("streamed", 2_000, 1_800_000_000L);
    HttpResponse<Stream<String>> events =
        client.send(request("/events").build(), HttpResponse.BodyHandlers.ofLines());
    assertThat(events.headers().firstValue("Content-Type")).contains("text/event-stream");

    try (Stream<String> lines = events.body()) {
      var line = lines.iterator();
      assertThat(line.next()).isEqualTo("event: snapshot");
      log.publish(run.started(), run.measuring());
      log.publish(run.windowsAfter(1));
      String update = line.next();
      while (!(update.startsWith("data:") && update.contains("\"2000\""))) {
        update = line.next();
      }
      assertThat(update).contains("streamed");
    }
  }

  @Test
  void machinesReadARunThatGoesOnItsAlertsAndTheVerdictsOfOthers() throws Exception {
    SyntheticRun run = SyntheticRun.named("metered", 3_000, 1_800_000_000L);
    SyntheticRun other = SyntheticRun.named("ended", 3_001, 1_800_000_000L);
    log.publish(run.started(), run.measuring());
    log.publish(run.windowsAfter(1));
    log.publish(new AlertRaised(3_000L, 1L, "slow", "ttft_p99_ms", 200.0, 125.0));
    log.publish(other.started(), other.finished(Verdict.LOSSY, "two events"));

    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(get("/metrics").body())
                .containsPattern(
                    "kvasir_run_ttft_seconds\\{.*quantile=\"0.99\".*run=\"metered.*window=\"10s\"\\} 0\\.")
                .containsPattern("kvasir_alerts\\{.*rule=\"slow\".*\\} 1")
                .containsPattern("kvasir_runs\\{verdict=\"lossy\"\\} 1")
                .contains("jvm_memory_used_bytes")
                .endsWith("# EOF\n"));
    String metrics = get("/metrics").body();
    assertThat(NamedMetrics.dashboard("kvasir_run_", "kvasir_alerts"))
        .isNotEmpty()
        .allSatisfy(metric -> assertThat(metrics).contains("\n" + metric + "{"));
    assertThat(get("/metrics").headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(get("/metrics").body()).doesNotContain("run=\"ended");

    log.publish(run.finished(Verdict.VALID, ""));

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(get("/metrics").body()).doesNotContain("run=\"metered"));
  }

  @Test
  void probesTellAStageThatWorksFromOneThatHasFailed() throws Exception {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(get("/ready").statusCode()).isEqualTo(200));
    try (Meters meters = Meters.ofThisProcess();
        MeterServer server = MeterServer.start(meters, "127.0.0.1", 0, null, null)) {
      URI root = URI.create("http://127.0.0.1:" + server.port());
      meters.watch("sink", () -> Condition.STARTING);
      assertThat(statusOf(root, "/health")).isEqualTo(200);
      assertThat(statusOf(root, "/ready")).isEqualTo(503);

      meters.watch("sink", () -> Condition.FAILED);

      assertThat(statusOf(root, "/health")).isEqualTo(503);
    }
  }

  private int statusOf(URI root, String path) throws Exception {
    return send(HttpRequest.newBuilder(root.resolve(path)).build()).statusCode();
  }

  @Test
  void metricsForOtherMachinesNeedAToken() {
    try (Meters meters = Meters.ofThisProcess()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MeterServer.start(meters, "0.0.0.0", 0, null, null))
          .withMessageContaining("--metrics-token");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> MeterServer.start(meters, "127.0.0.1", 0, "x", null))
          .withMessageContaining("--metrics-token must have at least 16");
    }
  }

  @Test
  void anUnknownRunOrLengthIsNotFound() throws Exception {
    assertThat(get("/api/runs/99/windows/10").statusCode()).isEqualTo(404);
    assertThat(get("/api/runs/x/windows/10").statusCode()).isEqualTo(404);
    assertThat(get("/api/runs/1000/windows/7").statusCode()).isEqualTo(404);
    assertThat(get("/js/..%2f..%2flogback.xml").statusCode()).isEqualTo(404);
  }

  @Test
  void everyAnswerForbidsWhatThePageDoesNotNeed() throws Exception {
    for (String path : new String[] {"/", "/js/main.js", "/api/runs", "/nowhere"}) {
      var headers = get(path).headers();
      assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'")
          .doesNotContain("unsafe");
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  @Test
  void nothingButGetIsAnswered() throws Exception {
    HttpRequest post = request("/").POST(HttpRequest.BodyPublishers.ofString("x")).build();

    assertThat(send(post).statusCode()).isEqualTo(405);
  }

  @Test
  void aRequestUnderAForeignHostNameIsRefused() throws Exception {
    assertThat(statusUnderHost("127.0.0.1:8686")).contains("200");
    assertThat(statusUnderHost("localhost")).contains("200");
    assertThat(statusUnderHost("rebound.example.org")).contains("403");
  }

  @Test
  void aFileIsNotSentAgainWhileItIsTheSame() throws Exception {
    String tag = get("/page.css").headers().firstValue("ETag").orElseThrow();

    assertThat(send(request("/page.css").header("If-None-Match", tag).build()).statusCode())
        .isEqualTo(304);
  }

  @Test
  void aPortInUseIsNamedWithTheRemedy() {
    assertThatIllegalStateException()
        .isThrownBy(() -> log.openPage(page.port()))
        .withMessageContaining("127.0.0.1:" + page.port())
        .withMessageContaining("--page-port");
  }

  @Test
  void anAddressOfKafkaThatCannotBeUsedIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() ->
            PageServer.start(
                new PageSettings(
                    "no.such.host.invalid:9092", Registry.embedded(), "127.0.0.1", 0, null),
                Meters.ofThisProcess()))
        .withMessageContaining("no.such.host.invalid:9092");
  }

  @Test
  void aTokenOpensThePageOnceInTheAddressThenByCookieOrAsABearer() throws Exception {
    try (PageServer guarded = log.openPage(0, TOKEN)) {
      URI root = URI.create("http://127.0.0.1:" + guarded.port() + "/");
      assertThat(send(HttpRequest.newBuilder(root).build()).statusCode()).isEqualTo(401);
      assertThat(send(HttpRequest.newBuilder(root.resolve("events")).build()).statusCode())
          .isEqualTo(401);
      assertThat(send(HttpRequest.newBuilder(root.resolve("?token=wrong")).build()).statusCode())
          .isEqualTo(401);

      HttpResponse<String> opened =
          send(HttpRequest.newBuilder(root.resolve("?token=" + TOKEN)).build());
      assertThat(opened.statusCode()).isEqualTo(303);
      assertThat(opened.headers().firstValue("Location")).contains("/");
      String cookie = opened.headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(cookie)
          .containsIgnoringCase("HttpOnly")
          .contains("SameSite=Lax")
          .doesNotContain(TOKEN);

      String pair = cookie.substring(0, cookie.indexOf(';'));
      assertThat(send(HttpRequest.newBuilder(root).header("Cookie", pair).build()).statusCode())
          .isEqualTo(200);
      assertThat(
              send(HttpRequest.newBuilder(root).header("Authorization", "Bearer " + TOKEN).build())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  private String verdictOf(String number) throws Exception {
    JsonArray runs = new JsonObject(get("/api/runs").body()).getJsonArray("runs");
    return runs.stream()
        .map(JsonObject.class::cast)
        .filter(run -> run.getString("number").equals(number))
        .map(run -> run.getString("verdict", ""))
        .findFirst()
        .orElse("");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).build());
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page.port() + path));
  }

  private static String statusUnderHost(String host) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.port())) {
      String request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      socket.getOutputStream().flush();
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
          .readLine();
    }
  }
}
