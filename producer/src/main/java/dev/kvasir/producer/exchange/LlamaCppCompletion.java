package dev.kvasir.producer.exchange;

import dev.kvasir.producer.exchange.Message.Chunk;
import dev.kvasir.producer.exchange.Message.ServerError;
import dev.kvasir.producer.exchange.Message.Usage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * llama.cpp's own {@code /completion}.
 *
 * <p>The message with {@code stop} = true is the stream's end marker. {@code tokens_predicted}
 * counts along. Prompt tokens from the cache are {@code timings.cache_n}, in older servers what
 * {@code timings.prompt_n} leaves of {@code tokens_evaluated}; {@code tokens_cached} is what the
 * slot holds afterwards, output included, and no hit.
 */
final class LlamaCppCompletion implements Dialect {

  @Override
  public byte[] body(Question question) {
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("prompt", question.prompt().text());
    body.put("stream", true);
    Integer tokens = question.prompt().outputTokens();
    if (tokens != null) {
      body.put("n_predict", tokens);
    }
    if (question.ignoreEos()) {
      body.put("ignore_eos", true);
    }
    body.putAll(question.extra());
    return JsonMessage.write(body);
  }

  @Override
  public MessageReader answer() {
    JsonMessage json = new JsonMessage();
    return (bytes, from, to) -> json.read(bytes, from, to, each -> new Fields(each).whole());
  }

  /** The fields of one message. */
  private static final class Fields {

    private final JsonMessage json;
    private @Nullable String content;
    private boolean stop;
    private @Nullable String stopType;
    private @Nullable Integer outputTokens;
    private @Nullable Integer promptTokens;
    private @Nullable Integer evaluated;
    private @Nullable Integer cached;
    private @Nullable String error;
    private boolean code;
    private @Nullable String message;

    Fields(JsonMessage json) {
      this.json = json;
    }

    Message whole() throws IOException {
      json.fields(this::field);
      if (error != null) {
        return new ServerError(error);
      }
      if (code && message != null && content == null) {
        return new ServerError(Excerpt.of(message));
      }
      return new Chunk(
          content != null,
          content == null ? "" : content,
          "",
          stop ? stopType : null,
          new Usage(promptTokens, outputTokens, stop ? cachedTokens() : null, Map.of()),
          stop);
    }

    private @Nullable Integer cachedTokens() {
      if (cached != null || promptTokens == null || evaluated == null) {
        return cached;
      }
      return Math.max(0, promptTokens - evaluated);
    }

    private void field(String key) throws IOException {
      switch (key) {
        case "content" -> content = json.text();
        case "stop" -> stop = json.isTrue();
        case "stop_type" -> stopType = json.text();
        case "tokens_predicted" -> outputTokens = json.count();
        case "tokens_evaluated" -> promptTokens = json.count();
        case "timings" -> json.fields(this::timing);
        case "error" -> error = json.error();
        case "message" -> message = json.text();
        case "code" -> {
          code = !json.isNull();
          json.skip();
        }
        default -> json.skip();
      }
    }

    private void timing(String key) throws IOException {
      switch (key) {
        case "cache_n" -> cached = json.count();
        case "prompt_n" -> evaluated = json.count();
        default -> json.skip();
      }
    }
  }
}
