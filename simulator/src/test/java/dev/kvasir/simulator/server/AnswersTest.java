package dev.kvasir.simulator.server;

import static dev.kvasir.simulator.server.Client.events;
import static dev.kvasir.simulator.server.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a client is answered. */
class AnswersTest extends WithOneServer {

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
}
