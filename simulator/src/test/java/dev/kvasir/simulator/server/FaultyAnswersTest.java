package dev.kvasir.simulator.server;

import static dev.kvasir.simulator.server.Client.events;
import static dev.kvasir.simulator.server.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.Profiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that were asked to go wrong. */
class FaultyAnswersTest extends WithOneServer {

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void aStatusCanBeAskedFor(int status) throws Exception {
    HttpResponse<String> response =
        client.post(COMPLETIONS, prompt("a", 3, ""), "x-kvasir-fault", "status=" + status);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(json(response.body()).at("/error/code").asInt()).isEqualTo(status);
    assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 429);
  }

  @Test
  void aStallHoldsTheRestOfItsAnswerBackAndNoOther() throws Exception {
    try (InputStream stalled = client.open(COMPLETIONS, streaming(5, "stall=3600s@2")).body()) {
      StringBuilder arrived = new StringBuilder().append((char) stalled.read());

      assertThat(events(client.post(COMPLETIONS, streaming(5, null)).body())).hasSize(6);

      while (stalled.available() > 0) {
        arrived.append((char) stalled.read());
      }
      assertThat(events(arrived.toString())).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void aStallLosesNothing() throws Exception {
    assertThat(events(client.post(COMPLETIONS, streaming(5, "stall=1ms@2")).body())).hasSize(6);
  }

  @Test
  void aDripSendsTheSameBytes() throws Exception {
    String whole = client.post(COMPLETIONS, streaming(5, null), "x-request-id", "a").body();
    String dripped = client.post(COMPLETIONS, streaming(5, "drip=64"), "x-request-id", "a").body();

    assertThat(dripped.replaceAll("\"created\":\\d+", ""))
        .isEqualTo(whole.replaceAll("\"created\":\\d+", ""));
  }

  @Test
  void aMalformedEventComesBetweenGoodOnes() throws Exception {
    List<String> events = events(client.post(COMPLETIONS, streaming(3, "malformed=2")).body());

    assertThat(events).hasSize(5);
    assertThat(events.get(2)).startsWith("{\"id\": \"cmpl-cut-off\"");
    assertThatThrownBy(() -> json(events.get(2))).hasMessageStartingWith("no JSON");
    assertThat(json(events.get(3)).at("/choices/0/finish_reason").asText()).isEqualTo("length");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reset-after=2", "close-after=2"})
  void aBrokenConnectionComesAfterItsChunks(String fault) throws Exception {
    ByteArrayOutputStream got = new ByteArrayOutputStream();

    assertThatThrownBy(() -> client.receive(COMPLETIONS, streaming(50, fault), got))
        .isInstanceOf(IOException.class);

    // A reset lets the system drop what the client has not read yet, the headers included.
    int events = got.size() == 0 ? 0 : events(got.toString(StandardCharsets.UTF_8)).size();
    assertThat(events).isLessThanOrEqualTo(2);
    if (fault.startsWith("close")) {
      assertThat(events).isEqualTo(2);
    }
    await()
        .atMost(PATIENT)
        .untilAsserted(() ->
            assertThat(metric(client.get("/metrics").body(), "vllm:num_requests_running"))
                .isZero());
  }

  @Test
  void garbageIsNoEventStream() throws Exception {
    HttpResponse<InputStream> response = client.open(COMPLETIONS, streaming(5, "garbage"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new String(response.body().readAllBytes(), StandardCharsets.ISO_8859_1))
        .startsWith("<html>")
        .doesNotContain("data: ");
  }

  @Test
  void aCrashOnRequestBreaksTheConnectionAndNobodyListensAnyMore() {
    assertThatThrownBy(() -> client.post(COMPLETIONS, streaming(4000, "crash=100ms")))
        .isInstanceOf(IOException.class);

    await()
        .atMost(PATIENT)
        .untilAsserted(() ->
            assertThatThrownBy(() -> client.get("/health")).isInstanceOf(ConnectException.class));
  }

  @Test
  void aCrashByTheClockTakesTheServerAwayAndLeavesOthersAlone() throws Exception {
    Profile mortal = Profiles.load("qwen3-0.6b-l4", Map.of("fault.crash-after", "50ms"));
    try (SimulatedServers two =
            SimulatedServers.start(
                List.of(
                    new SimulatedServers.Server("mortal", mortal, 0, "a"),
                    new SimulatedServers.Server("other", quick(true), 0, "b")),
                SimulatedServers.Options.defaults());
        Client dead = new Client(two.ports().getFirst());
        Client alive = new Client(two.ports().getLast())) {
      await()
          .atMost(PATIENT)
          .untilAsserted(() ->
              assertThatThrownBy(() -> dead.get("/health")).isInstanceOf(ConnectException.class));

      assertThat(alive.get("/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aSkewedClockShowsInTheAnswer() throws Exception {
    long now = Instant.now().getEpochSecond();
    String asked = prompt("a", 1, ", \"kvasir_fault\": \"skew=100000s\"");

    assertThat(json(client.post(COMPLETIONS, asked).body()).path("created").asLong())
        .isGreaterThanOrEqualTo(now + 100_000);
    assertThat(json(client.post(COMPLETIONS, prompt("a", 1, "")).body()).path("created").asLong())
        .isLessThan(now + 100_000);
  }
}
