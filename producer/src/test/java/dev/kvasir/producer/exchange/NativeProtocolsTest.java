package dev.kvasir.producer.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.workload.Prompt;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The protocols that engines speak beside OpenAI's, and what they add to OpenAI's. */
class NativeProtocolsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void sglangRepeatsItsTextAndOnlyWhatItAddsIsOutput() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.SGLANG_GENERATE,
            sglang("The", 1, "null"),
            sglang("The The", 2, "null"),
            sglang("The The cat sat", 4, "null"),
            sglang("The The cat sat.", 5, "{\"type\":\"length\",\"length\":5}"),
            "[DONE]");

    RequestFinished end = answer.end();
    assertThat(end.getOutcome()).isEqualTo(Outcome.OK);
    assertThat(end.getText()).isEqualTo("The The cat sat.");
    assertThat(end.getFinishReason()).isEqualTo("length");
    assertThat(end.getInputTokens()).isEqualTo(9);
    assertThat(end.getOutputTokens()).isEqualTo(5);
    assertThat(end.getCachedTokens()).isEqualTo(6);
    assertThat(end.getCachedByTier()).isEqualTo(Map.of("HBM", 1, "HOST_DRAM", 2, "LOCAL_DISK", 3));
    assertThat(end.getFirstContentAt()).isEqualTo(10);
    assertThat(end.getLastContentAt()).isEqualTo(13);
    assertThat(end.getDoneAt()).isEqualTo(14);
    assertThat(answer.tokens()).containsExactly(1, 1, 2, 1);
  }

  @Test
  void sglangMayBeStartedToSendOnlyWhatIsNew() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.SGLANG_GENERATE,
            sglang("The", 1, "null"),
            sglang(" cat", 2, "null"),
            sglang(" cat", 3, "{\"type\":\"stop\"}"),
            "[DONE]");

    assertThat(answer.end().getText()).isEqualTo("The cat cat");
    assertThat(answer.tokens()).containsExactly(1, 1, 1);
  }

  @Test
  void sglangCutsAStopTextOffItsLastMessage() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.SGLANG_GENERATE,
            sglang("one", 1, "null"),
            sglang("one #", 2, "null"),
            sglang("one", 3, "{\"type\":\"stop\",\"matched\":\" ##\"}"),
            "[DONE]");

    assertThat(answer.end().getOutcome()).isEqualTo(Outcome.OK);
    assertThat(answer.tokens()).containsExactly(1, 1);
  }

  @Test
  void sglangAbortsWithItsReason() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.SGLANG_GENERATE,
            sglang("a", 1, "null"),
            sglang("a", 1, "{\"type\":\"abort\",\"message\":\"out of memory\"}"));

    assertThat(answer.end().getOutcome()).isEqualTo(Outcome.SERVER_ERROR);
    assertThat(answer.end().getError()).isEqualTo("out of memory");
  }

  @Test
  void sglangIsAskedWithItsSamplingParametersAndTheirOwnFurtherFields() throws IOException {
    assertThat(
            body(
                Protocol.SGLANG_GENERATE,
                Map.of("sampling_params", Map.of("temperature", 0), "lora_path", "x")))
        .isEqualTo(
            JSON.readTree(
                """
                {"text":"hi","stream":true,"lora_path":"x","sampling_params":
                  {"max_new_tokens":8,"ignore_eos":true,"min_new_tokens":8,"temperature":0}}
                """));
  }

  @Test
  void llamaCppCountsAlongAndEndsWithItsStop() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.LLAMACPP_COMPLETION,
            llama("a", 1, "\"stop\":false"),
            llama("bc", 3, "\"stop\":false"),
            llama(
                "",
                4,
                "\"stop\":true,\"stop_type\":\"limit\",\"tokens_cached\":11,\"truncated\":false,"
                    + "\"generation_settings\":{\"stop\":[\"x\"]},"
                    + "\"timings\":{\"cache_n\":5,\"prompt_n\":2,\"predicted_ms\":1.5}"));

    RequestFinished end = answer.end();
    assertThat(end.getOutcome()).isEqualTo(Outcome.OK);
    assertThat(end.getText()).isEqualTo("abc");
    assertThat(end.getFinishReason()).isEqualTo("limit");
    assertThat(end.getInputTokens()).isEqualTo(7);
    assertThat(end.getOutputTokens()).isEqualTo(4);
    assertThat(end.getCachedTokens()).isEqualTo(5);
    assertThat(end.getDoneAt()).isEqualTo(12);
    assertThat(answer.tokens()).containsExactly(1, 2);
  }

  @Test
  void anOlderLlamaCppSaysItsHitsByWhatItEvaluated() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.LLAMACPP_COMPLETION,
            llama("a", 1, "\"stop\":false"),
            llama("", 1, "\"stop\":true,\"tokens_cached\":8,\"timings\":{\"prompt_n\":3}"));

    assertThat(answer.end().getCachedTokens()).isEqualTo(4);
    assertThat(answer.end().getOutcome()).isEqualTo(Outcome.OK);
    assertThat(answer.end().getFinishReason()).isNull();
  }

  @Test
  void anErrorOfLlamaCppInMidStreamIsAnErrorInBothItsForms() {
    for (String error :
        List.of(
            "{\"error\":{\"code\":500,\"message\":\"context full\"}}",
            "{\"code\":500,\"message\":\"context full\",\"type\":\"server_error\"}")) {
      for (Protocol protocol : List.of(Protocol.LLAMACPP_COMPLETION, Protocol.OPENAI_CHAT)) {
        AnswerIn answer = new AnswerIn(protocol, error);

        assertThat(answer.end().getOutcome()).as(protocol + error).isEqualTo(Outcome.SERVER_ERROR);
        assertThat(answer.end().getError()).isEqualTo("context full");
      }
    }
  }

  @Test
  void llamaCppIsAskedForALengthInItsOwnWord() throws IOException {
    assertThat(body(Protocol.LLAMACPP_COMPLETION, Map.of("temperature", 0)))
        .isEqualTo(
            JSON.readTree(
                """
                {"prompt":"hi","stream":true,"n_predict":8,"ignore_eos":true,"temperature":0}
                """));
  }

  @Test
  void timingsOfLlamaCppCountWhereUsageDoesNot() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.OPENAI_CHAT,
            "{\"choices\":[{\"delta\":{\"content\":\"ab\"}}],\"timings\":{\"predicted_n\":2}}",
            "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],"
                + "\"timings\":{\"predicted_n\":3,\"cache_n\":6}}",
            "[DONE]");

    assertThat(answer.tokens()).containsExactly(2);
    assertThat(answer.end().getOutputTokens()).isEqualTo(3);
    assertThat(answer.end().getCachedTokens()).isEqualTo(6);
  }

  @Test
  void tiersOfTheCacheAreReadFromAnOpenAiAnswerToo() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.OPENAI_COMPLETIONS,
            "{\"choices\":[{\"text\":\"a\",\"finish_reason\":\"stop\"}]}",
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":4,\"cached_tokens_details\":"
                + "{\"device\":4,\"host\":0,\"storage\":0,\"storage_backend\":\"MooncakeStore\"}}}}",
            "[DONE]");

    assertThat(answer.end().getCachedByTier())
        .isEqualTo(Map.of("HBM", 4, "HOST_DRAM", 0, "REMOTE_KV", 0));
  }

  @Test
  void reasoningThatIsGivenUnderBothNamesCountsOnce() {
    AnswerIn answer =
        new AnswerIn(
            Protocol.OPENAI_CHAT,
            "{\"choices\":[{\"delta\":{\"reasoning\":\"hm\",\"reasoning_content\":\"hm\"}}]}",
            "{\"choices\":[{\"delta\":{\"reasoning\":null,\"content\":\"yes\"},"
                + "\"finish_reason\":\"stop\"}]}");

    assertThat(answer.end().getText()).isEqualTo("hmyes");
  }

  @Test
  void aTransferOfTheCacheIsAskedForInTheBody() throws IOException {
    JsonNode body =
        body(
            Protocol.OPENAI_COMPLETIONS,
            Map.of("kv_transfer_params", Map.of("max_offload_tokens", 512)));

    assertThat(body.at("/kv_transfer_params/max_offload_tokens").asInt()).isEqualTo(512);
  }

  private static String sglang(String text, int tokens, String finishReason) {
    return """
    {"text":"%s","output_ids":[1],"meta_info":{"id":"x","finish_reason":%s,"prompt_tokens":9,\
    "completion_tokens":%d,"cached_tokens":6,"cached_tokens_details":\
    {"device":1,"host":2,"storage":3,"storage_backend":"HiCacheFile"},"e2e_latency":0.1}}\
    """
        .formatted(text, finishReason, tokens);
  }

  private static String llama(String content, int predicted, String rest) {
    return """
    {"index":0,"content":"%s","tokens":[5],"id_slot":0,"tokens_predicted":%d,\
    "tokens_evaluated":7,%s}\
    """
        .formatted(content, predicted, rest);
  }

  private static JsonNode body(Protocol protocol, Map<String, Object> extra) throws IOException {
    Prompt prompt =
        new Prompt(
            List.of(new dev.kvasir.producer.workload.Message("user", "hi")),
            1,
            8,
            null,
            null,
            null);
    return JSON.readTree(Dialect.of(protocol).body(new Question("m", prompt, true, false, extra)));
  }
}
