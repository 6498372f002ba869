package dev.kvasir.producer.exchange;

import dev.kvasir.producer.exchange.Message.Chunk;
import dev.kvasir.producer.exchange.Message.ServerError;
import dev.kvasir.producer.exchange.Message.Usage;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message of an OpenAI stream, of completions and of chat alike.
 *
 * <p>Output is {@code choices[].text} and {@code choices[].delta.content}; reasoning is {@code
 * delta.reasoning} and {@code delta.reasoning_content}. An error is a field {@code error} that is
 * not null, {@code object} = {@code error}, or a {@code code} beside a {@code message} and no
 * choices. Token counts are those of {@code usage}; where it says none, llama.cpp's {@code timings}
 * do.
 */
final class OpenAiMessage {

  private final JsonMessage json;
  private boolean choices;
  private String content = "";
  private String reasoning = "";
  private @Nullable String finishReason;
  private boolean counted;
  private @Nullable Integer promptTokens;
  private @Nullable Integer outputTokens;
  private @Nullable Integer cachedTokens;
  private Map<String, Integer> cachedByTier = Map.of();
  private @Nullable Integer timedOutput;
  private @Nullable Integer timedCache;
  private @Nullable String error;
  private boolean errorObject;
  private boolean code;
  private @Nullable String message;

  private OpenAiMessage(JsonMessage json) {
    this.json = json;
  }

  /** A reader at the start of an answer. */
  static MessageReader answer() {
    JsonMessage json = new JsonMessage();
    return (bytes, from, to) ->
        json.read(bytes, from, to, each -> new OpenAiMessage(each).whole(bytes, from, to));
  }

  private Message whole(byte[] bytes, int from, int to) throws IOException {
    json.fields(this::field);
    if (error != null) {
      return new ServerError(error);
    }
    if (errorObject || (code && message != null && !choices)) {
      return new ServerError(message == null ? Excerpt.of(bytes, from, to) : Excerpt.of(message));
    }
    return new Chunk(choices, content, reasoning, finishReason, counts());
  }

  private @Nullable Usage counts() {
    if (!counted) {
      return null;
    }
    return new Usage(
        promptTokens,
        outputTokens == null ? timedOutput : outputTokens,
        cachedTokens == null ? timedCache : cachedTokens,
        cachedByTier);
  }

  private void field(String key) throws IOException {
    switch (key) {
      case "choices" -> choices |= json.items(this::choice);
      case "usage" -> {
        counted |= json.isObject();
        json.fields(this::usage);
      }
      case "timings" -> {
        counted |= json.isObject();
        json.fields(this::timing);
      }
      case "sglext" -> json.fields(this::promptDetail);
      case "error" -> error = json.error();
      case "object" -> errorObject = "error".equals(json.text());
      case "message" -> message = json.text();
      case "code" -> {
        code = !json.isNull();
        json.skip();
      }
      default -> json.skip();
    }
  }

  private void choice(String key) throws IOException {
    switch (key) {
      case "text" -> content += json.textOrEmpty();
      case "delta" -> json.fields(this::delta);
      case "finish_reason" -> {
        String reason = json.text();
        finishReason = reason == null ? finishReason : reason;
      }
      default -> json.skip();
    }
  }

  private void delta(String key) throws IOException {
    switch (key) {
      case "content" -> content += json.textOrEmpty();
      case "reasoning", "reasoning_content" -> {
        String text = json.textOrEmpty();
        reasoning = text.isEmpty() ? reasoning : text;
      }
      default -> json.skip();
    }
  }

  private void usage(String key) throws IOException {
    switch (key) {
      case "prompt_tokens" -> promptTokens = json.count();
      case "completion_tokens" -> outputTokens = json.count();
      case "prompt_tokens_details" -> json.fields(this::promptDetail);
      default -> json.skip();
    }
  }

  private void promptDetail(String key) throws IOException {
    switch (key) {
      case "cached_tokens" -> cachedTokens = json.count();
      case "cached_tokens_details" -> cachedByTier = CachedTiers.read(json);
      default -> json.skip();
    }
  }

  private void timing(String key) throws IOException {
    switch (key) {
      case "predicted_n" -> timedOutput = json.count();
      case "cache_n" -> timedCache = json.count();
      default -> json.skip();
    }
  }
}
