package dev.kvasir.producer.exchange;

import dev.kvasir.producer.exchange.Message.Chunk;
import dev.kvasir.producer.exchange.Message.ServerError;
import dev.kvasir.producer.exchange.Message.Usage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SGLang's own {@code /generate}.
 *
 * <p>Each message repeats all of the text so far, and what it adds is the output; a server that was
 * started to send only what is new ({@code --stream-output}) is told by its first text that is
 * shorter or begins otherwise. {@code meta_info} counts along, so every chunk's tokens are known.
 */
final class SglangGenerate implements Dialect {

  private static final String SAMPLING = "sampling_params";

  @Override
  public byte[] body(Question question) {
    Map<String, @Nullable Object> sampling = new LinkedHashMap<>();
    Integer tokens = question.prompt().outputTokens();
    if (tokens != null) {
      sampling.put("max_new_tokens", tokens);
    }
    if (question.ignoreEos()) {
      sampling.put("ignore_eos", true);
      sampling.put("min_new_tokens", tokens);
    }
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("text", question.prompt().text());
    body.put("stream", true);
    body.putAll(question.extra());
    if (question.extra().get(SAMPLING) instanceof Map<?, ?> further) {
      further.forEach((key, value) -> sampling.put(String.valueOf(key), value));
    }
    body.put(SAMPLING, sampling);
    return JsonMessage.write(body);
  }

  @Override
  public MessageReader answer() {
    Growth growth = new Growth();
    JsonMessage json = new JsonMessage();
    return (bytes, from, to) -> json.read(bytes, from, to, each -> new Fields(each).whole(growth));
  }

  /** The text so far, and what a message adds to it. */
  private static final class Growth {

    private static final int COMPARED = 64;

    private String said = "";
    private boolean repeats = true;

    String of(String text, boolean last) {
      if (!repeats) {
        return text;
      }
      if (continues(text)) {
        String grown = text.substring(said.length());
        said = text;
        return grown;
      }
      if (last && said.startsWith(text)) {
        return "";
      }
      repeats = false;
      return text;
    }

    private boolean continues(String text) {
      int compared = Math.min(COMPARED, said.length());
      int from = said.length() - compared;
      return text.length() >= said.length() && text.regionMatches(from, said, from, compared);
    }
  }

  /** The fields of one message. */
  private static final class Fields {

    private final JsonMessage json;
    private @Nullable String text;
    private @Nullable String error;
    private @Nullable String finishReason;
    private @Nullable String abortMessage;
    private @Nullable Integer promptTokens;
    private @Nullable Integer outputTokens;
    private @Nullable Integer cachedTokens;
    private Map<String, Integer> cachedByTier = Map.of();

    Fields(JsonMessage json) {
      this.json = json;
    }

    Message whole(Growth growth) throws IOException {
      json.fields(this::field);
      if (error != null) {
        return new ServerError(error);
      }
      if ("abort".equals(finishReason) && abortMessage != null) {
        return new ServerError(Excerpt.of(abortMessage));
      }
      String grown = text == null ? "" : growth.of(text, finishReason != null);
      return new Chunk(
          text != null,
          grown,
          "",
          finishReason,
          new Usage(promptTokens, outputTokens, cachedTokens, cachedByTier));
    }

    private void field(String key) throws IOException {
      switch (key) {
        case "text" -> text = json.text();
        case "meta_info" -> json.fields(this::meta);
        case "error" -> error = json.error();
        default -> json.skip();
      }
    }

    private void meta(String key) throws IOException {
      switch (key) {
        case "finish_reason" -> {
          if (json.isObject()) {
            json.fields(this::finish);
          } else {
            finishReason = json.text();
          }
        }
        case "prompt_tokens" -> promptTokens = json.count();
        case "completion_tokens" -> outputTokens = json.count();
        case "cached_tokens" -> cachedTokens = json.count();
        case "cached_tokens_details" -> cachedByTier = CachedTiers.read(json);
        default -> json.skip();
      }
    }

    private void finish(String key) throws IOException {
      switch (key) {
        case "type" -> finishReason = json.text();
        case "message" -> abortMessage = json.text();
        default -> json.skip();
      }
    }
  }
}
