package dev.kvasir.simulator.server;

import static dev.kvasir.simulator.server.Client.events;
import static dev.kvasir.simulator.server.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.simulator.engine.Profile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One server, spoken to over real HTTP. */
class SimulatedServersTest {
  private static final String COMPLETIONS = "/v1/completions";
  private static final String CHAT = "/v1/chat/completions";

  private SimulatedServers servers;
  private Client client;

  static Profile quick(boolean prefixCache) {
    return new Profile(
        "quick",
        "for tests",
        new Profile.Model("Test/Tiny", 4096),
        new Profile.Scheduler(64, 512),
        new Profile.KvCache(16, 1024, prefixCache),
        new Profile.Cost(200_000, 800_000, 2_000, 0.1, 1, 100),
        new Profile.Output(1_000, 20, 0.5));
  }

  @BeforeEach
  void start() {
    servers =
        SimulatedServers.start(
            List.of(new SimulatedServers.Server("tiny", quick(true), 0, "tiny")),
            SimulatedServers.Options.defaults());
    client = new Client(servers.ports().getFirst());
  }

  @AfterEach
  void stop() {
    client.close();
    servers.close();
  }

  @Test
  void aCompletionStreamsAnEventForEachTokenThenTheUsageThenDone() throws Exception {
    HttpResponse<String> response =
        client.post(
            COMPLETIONS,
            """
            {"model": "tiny", "prompt": "Once upon a time", "max_tokens": 5, "ignore_eos": true,
             "stream": true, "stream_options": {"include_usage": true}}
            """,
            "x-request-id",
            "mine");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("text/event-stream; charset=utf-8");
    List<String> events = events(response.body());
    assertThat(events).hasSize(7).last().isEqualTo("[DONE]");
    for (int i = 0; i < 5; i++) {
      JsonNode event = json(events.get(i));
      assertThat(event.path("id").asText()).isEqualTo("cmpl-mine");
      assertThat(event.path("object").asText()).isEqualTo("text_completion");
      assertThat(event.path("model").asText()).isEqualTo("tiny");
      assertThat(event.at("/choices/0/text").asText()).hasSize(4);
      assertThat(event.at("/choices/0/finish_reason").asText())
          .isEqualTo(i == 4 ? "length" : "null");
      assertThat(event.has("usage")).isFalse();
    }
    JsonNode usage = json(events.get(5));
    assertThat(usage.path("choices")).isEmpty();
    assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(4);
    assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    assertThat(usage.at("/usage/total_tokens").asInt()).isEqualTo(9);
    assertThat(usage.at("/usage/prompt_tokens_details/cached_tokens").asInt(-1)).isZero();
  }

  @Test
  void aChatStreamsItsRoleFirst() throws Exception {
    List<String> events =
        events(
            client
                .post(
                    CHAT,
                    """
                    {"model": "tiny", "messages": [{"role": "user", "content": "Hello"}],
                     "max_completion_tokens": 3, "ignore_eos": true, "stream": true}
                    """)
                .body());

    assertThat(events).hasSize(5);
    assertThat(json(events.getFirst()).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(json(events.getFirst()).at("/choices/0/delta/content").asText("?")).isEmpty();
    assertThat(events.subList(1, 4))
        .allSatisfy(event -> {
          assertThat(json(event).path("object").asText()).isEqualTo("chat.completion.chunk");
          assertThat(json(event).at("/choices/0/delta/content").asText()).hasSize(4);
        });
    assertThat(json(events.get(3)).at("/choices/0/finish_reason").asText()).isEqualTo("length");
  }

  @Test
  void continuousUsageCountsTokensInEveryEvent() throws Exception {
    List<String> events =
        events(
            client
                .post(
                    CHAT,
                    """
                    {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 3,
                     "ignore_eos": true, "stream": true,
                     "stream_options": {"include_usage": true, "continuous_usage_stats": true}}
                    """)
                .body());

    assertThat(events.subList(0, 5))
        .extracting(event -> json(event).at("/usage/completion_tokens").asInt(-1))
        .containsExactly(0, 1, 2, 3, 3);
  }

  @Test
  void withoutStreamTheAnswerComesWhole() throws Exception {
    String body = "{\"prompt\": \"Once upon a time\", \"max_tokens\": 4, \"ignore_eos\": true}";

    JsonNode whole = json(client.post(COMPLETIONS, body).body());
    String streamed =
        events(client.post(COMPLETIONS, body.replace("{\"p", "{\"stream\": true, \"p")).body())
            .stream()
            .filter(event -> !event.equals("[DONE]"))
            .map(event -> json(event).at("/choices/0/text").asText())
            .collect(Collectors.joining());

    assertThat(whole.at("/choices/0/text").asText()).hasSize(16).isEqualTo(streamed);
    assertThat(whole.at("/usage/completion_tokens").asInt()).isEqualTo(4);
    assertThat(
            json(client
                    .post(CHAT, "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}")
                    .body())
                .at("/choices/0/message/role")
                .asText())
        .isEqualTo("assistant");
  }

  @Test
  void anAnswerMayStopByItselfButNotBeforeItsMinimum() throws Exception {
    JsonNode free = json(client.post(COMPLETIONS, prompt("a", 4000, "")).body());
    JsonNode longer =
        json(client.post(COMPLETIONS, prompt("a", 4000, ", \"min_tokens\": 300")).body());

    assertThat(free.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(free.at("/usage/completion_tokens").asInt()).isBetween(1, 299);
    assertThat(longer.at("/usage/completion_tokens").asInt()).isEqualTo(300);
  }

  @Test
  void theSecondEqualPromptIsCachedUntilTheCacheIsReset() throws Exception {
    String body =
        "{\"max_tokens\": 1, \"ignore_eos\": true, \"prompt\": %s}"
            .formatted(IntStream.range(0, 100).boxed().toList());

    assertThat(cachedTokens(body)).isZero();
    assertThat(cachedTokens(body)).isEqualTo(96);
    assertThat(client.post("/reset_prefix_cache", "").statusCode()).isEqualTo(200);
    assertThat(cachedTokens(body)).isZero();

    String metrics = client.get("/metrics").body();
    assertThat(metric(metrics, "vllm:prefix_cache_queries_total")).isEqualTo(300);
    assertThat(metric(metrics, "vllm:prefix_cache_hits_total")).isEqualTo(96);
    assertThat(metric(metrics, "vllm:prompt_tokens_total")).isEqualTo(300);
    assertThat(metric(metrics, "vllm:generation_tokens_total")).isEqualTo(3);
  }

  @Test
  void aConversationFindsItsEarlierTurns() throws Exception {
    String question = "x".repeat(400);
    String first = "[{\"role\": \"user\", \"content\": \"%s\"}]".formatted(question);
    String answer =
        json(client.post(CHAT, chat(first, 64)).body()).at("/choices/0/message/content").asText();
    String second =
        "[{\"role\": \"user\", \"content\": \"%s\"}, {\"role\": \"assistant\", \"content\": \"%s\"}, {\"role\": \"user\", \"content\": \"go on\"}]"
            .formatted(question, answer);

    JsonNode usage = json(client.post(CHAT, chat(second, 1)).body()).path("usage");

    // 102 tokens of prompt and 63 computed ones of the answer: ten full blocks of 16.
    assertThat(usage.at("/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(160);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/completions | {\"prompt\": | 400 | the body is no JSON",
        "/v1/completions | [] | 400 | the body is no JSON object",
        "/v1/completions | {} | 400 | prompt is missing or empty",
        "/v1/completions | {\"prompt\": [1, -2]} | 400 | prompt[1] is -2",
        "/v1/completions | {\"prompt\": [\"a\", \"b\"]} | 400 | prompt[0] is \"a\"",
        "/v1/completions | {\"prompt\": \"a\", \"max_tokens\": 5000} | 400 | this model's context is 4096 tokens; 5001 were asked for",
        "/v1/completions | {\"prompt\": \"a\", \"max_tokens\": 0} | 400 | max_tokens is 0",
        "/v1/completions | {\"prompt\": \"a\", \"stream\": 1} | 400 | stream is 1; expected true or false",
        "/v1/completions | {\"prompt\": \"a\", \"n\": 2} | 400 | n is not 1",
        "/v1/completions | {\"prompt\": \"a\", \"min_tokens\": 99} | 400 | min_tokens is 99",
        "/v1/completions | {\"prompt\": \"a\", \"stream_options\": {}} | 400 | stream_options without stream",
        "/v1/completions | {\"prompt\": \"a\", \"model\": \"other\"} | 404 | the model other does not exist",
        "/v1/chat/completions | {\"prompt\": \"a\"} | 400 | messages is missing or empty",
        "/v1/chat/completions | {\"messages\": [{\"content\": \"a\"}]} | 400 | messages[0] has no role",
        "/v1/chat/completions | {\"messages\": [{\"role\": \"user\"}]} | 400 | messages[0].content is neither",
        "/v1/nothing | {} | 404 | nothing is at /v1/nothing",
        "/metrics | {} | 405 | /metrics is for GET only",
      })
  void badRequestsAreErrorsInOpenAisShape(String path, String body, int status, String message)
      throws Exception {
    HttpResponse<String> response = client.post(path, body);

    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode error = json(response.body()).path("error");
    assertThat(error.path("message").asText()).startsWith(message);
    assertThat(error.path("type").asText()).isNotEmpty();
    assertThat(error.path("code").asInt()).isEqualTo(status);
  }

  @Test
  void theServerSaysWhatItIs() throws Exception {
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
    assertThat(json(client.get("/version").body()).path("version").asText())
        .startsWith("kvasir-simulator");
    JsonNode model = json(client.get("/v1/models").body()).at("/data/0");
    assertThat(model.path("id").asText()).isEqualTo("tiny");
    assertThat(model.path("max_model_len").asInt()).isEqualTo(4096);
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    client.post(COMPLETIONS, prompt("a", 3, ", \"ignore_eos\": true"));

    String metrics = client.get("/metrics").body();

    Pattern sample = Pattern.compile("[A-Za-z_:0-9]+\\{([a-z_]+=\"[^\"]*\",?)+} [0-9.E-]+");
    assertThat(metrics.lines())
        .allSatisfy(line ->
            assertThat(line.startsWith("# ") || sample.matcher(line).matches()).as(line).isTrue());
    assertThat(metrics)
        .contains("vllm:num_requests_running{engine=\"0\",model_name=\"tiny\"} 0\n")
        .contains("vllm:num_requests_waiting{")
        .contains("vllm:kv_cache_usage_perc{engine=\"0\",model_name=\"tiny\"} 0.0\n")
        .contains("vllm:num_preemptions_total{")
        .contains(
            "vllm:request_success_total{engine=\"0\",model_name=\"tiny\",finished_reason=\"length\"} 1\n");
  }

  @Test
  void aClientThatGoesAwayFreesItsBlocks() throws Exception {
    HttpResponse<InputStream> response =
        client.open(
            COMPLETIONS, prompt("a".repeat(400), 3000, ", \"ignore_eos\": true, \"stream\": true"));
    assertThat(response.body().read()).isEqualTo('d');
    assertThat(metric(client.get("/metrics").body(), "vllm:num_requests_running")).isEqualTo(1);
    assertThat(metric(client.get("/metrics").body(), "vllm:kv_cache_usage_perc")).isPositive();

    response.body().close();

    await()
        .untilAsserted(() -> {
          String metrics = client.get("/metrics").body();
          assertThat(metric(metrics, "vllm:num_requests_running")).isZero();
          assertThat(metric(metrics, "vllm:kv_cache_usage_perc")).isZero();
          assertThat(metrics).contains("finished_reason=\"abort\"} 1\n");
        });
  }

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
  void aStallHoldsTheOutputBackAndLosesNothing() throws Exception {
    long before = System.nanoTime();
    List<String> events = events(client.post(COMPLETIONS, streaming(5, "stall=300ms@2")).body());

    assertThat(System.nanoTime() - before).isGreaterThan(300_000_000);
    assertThat(events).hasSize(6);
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
  void anUnknownFaultIsRefused() throws Exception {
    assertThat(client.post(COMPLETIONS, streaming(5, "explode")).statusCode()).isEqualTo(400);
  }

  @Test
  void aPortInUseIsNamed() {
    int taken = servers.ports().getFirst();

    assertThatThrownBy(() ->
            SimulatedServers.start(
                List.of(new SimulatedServers.Server("late", quick(true), taken, "tiny")),
                SimulatedServers.Options.defaults()))
        .hasMessageStartingWith(
            "the simulated server late cannot listen on 127.0.0.1:" + taken + " (")
        .hasMessageEndingWith("); expected a free port");
  }

  private int cachedTokens(String body) throws Exception {
    return json(client.post(COMPLETIONS, body).body())
        .at("/usage/prompt_tokens_details/cached_tokens")
        .asInt(-1);
  }

  private static String prompt(String text, int maxTokens, String more) {
    return "{\"prompt\": \"%s\", \"max_tokens\": %d%s}".formatted(text, maxTokens, more);
  }

  private static String streaming(int tokens, @Nullable String fault) {
    String asked = fault == null ? "" : ", \"kvasir_fault\": \"" + fault + "\"";
    return prompt("abcd", tokens, ", \"ignore_eos\": true, \"stream\": true" + asked);
  }

  private static String chat(String messages, int maxTokens) {
    return "{\"messages\": %s, \"max_tokens\": %d, \"ignore_eos\": true}"
        .formatted(messages, maxTokens);
  }

  private static double metric(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
