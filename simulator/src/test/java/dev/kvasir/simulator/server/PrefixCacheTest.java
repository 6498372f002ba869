package dev.kvasir.simulator.server;

import static dev.kvasir.simulator.server.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Prompts that begin alike. */
class PrefixCacheTest extends WithOneServer {

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
    String question = "why".concat(" so".repeat(99));
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

  private int cachedTokens(String body) throws Exception {
    return json(client.post(COMPLETIONS, body).body())
        .at("/usage/prompt_tokens_details/cached_tokens")
        .asInt(-1);
  }

  private static String chat(String messages, int maxTokens) {
    return "{\"messages\": %s, \"max_tokens\": %d, \"ignore_eos\": true}"
        .formatted(messages, maxTokens);
  }
}
