package dev.kvasir.producer.exchange;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields that OpenAI's completions and chat requests share. */
final class OpenAiBody {

  private OpenAiBody() {}

  static byte[] write(Question question, String promptField, Object prompt) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("model", question.model());
    body.put(promptField, prompt);
    body.put("stream", true);
    body.put(
        "stream_options",
        question.tokenCounts()
            ? Map.of("include_usage", true, "continuous_usage_stats", true)
            : Map.of("include_usage", true));
    length(question, body);
    body.putAll(question.extra());
    return JsonMessage.write(body);
  }

  private static void length(Question question, Map<String, @Nullable Object> body) {
    Integer tokens = question.prompt().outputTokens();
    if (tokens != null) {
      body.put("max_tokens", tokens);
    }
    if (!question.ignoreEos()) {
      return;
    }
    body.put("ignore_eos", true);
    if (tokens != null) {
      body.put("min_tokens", tokens);
    }
  }
}
