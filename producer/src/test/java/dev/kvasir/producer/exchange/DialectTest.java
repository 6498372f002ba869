package dev.kvasir.producer.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DialectTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aCompletionAsksForAStreamWithUsageAndAFixedLength() throws IOException {
    assertThat(body(Protocol.OPENAI_COMPLETIONS, true, false, Map.of()))
        .isEqualTo(
            JSON.readTree(
                """
                {"model":"m","prompt":"hi","stream":true,
                 "stream_options":{"include_usage":true},
                 "max_tokens":8,"ignore_eos":true,"min_tokens":8}
                """));
  }

  @Test
  void aChatSendsItsMessages() throws IOException {
    assertThat(body(Protocol.OPENAI_CHAT, false, true, Map.of()))
        .isEqualTo(
            JSON.readTree(
                """
                {"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,
                 "stream_options":{"include_usage":true,"continuous_usage_stats":true},
                 "max_tokens":8}
                """));
  }

  @Test
  void furtherFieldsWin() throws IOException {
    JsonNode body =
        body(
            Protocol.OPENAI_COMPLETIONS,
            false,
            true,
            Map.of("temperature", 0, "stream_options", Map.of(), "max_tokens", 9));

    assertThat(body.get("temperature").asInt(-1)).isZero();
    assertThat(body.get("stream_options")).isEmpty();
    assertThat(body.get("max_tokens").asInt()).isEqualTo(9);
  }

  private static JsonNode body(
      Protocol protocol, boolean ignoreEos, boolean tokenCounts, Map<String, Object> extra)
      throws IOException {
    Prompt prompt = new Prompt(List.of(new Message("user", "hi")), 1, 8, null, null, null);
    return JSON.readTree(
        Dialect.of(protocol).body(new Question("m", prompt, ignoreEos, tokenCounts, extra)));
  }
}
