package dev.kvasir.producer.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kvasir.producer.exchange.Message.Chunk;
import dev.kvasir.producer.exchange.Message.Done;
import dev.kvasir.producer.exchange.Message.ServerError;
import dev.kvasir.producer.exchange.Message.Unreadable;
import dev.kvasir.producer.exchange.Message.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message of an OpenAI stream, of completions and of chat alike, in one pass and without
 * a tree.
 *
 * <p>Output is {@code choices[].text} and {@code choices[].delta.content}; reasoning is {@code
 * delta.reasoning} and {@code delta.reasoning_content}. An error is a field {@code error} that is
 * not null, or {@code object} = {@code error}.
 */
final class OpenAiMessage {

  private static final JsonFactory JSON = new JsonFactory();
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final Done END = new Done();

  private final JsonParser parser;
  private boolean choices;
  private String content = "";
  private String reasoning = "";
  private @Nullable String finishReason;
  private @Nullable Usage usage;
  private @Nullable String error;
  private boolean errorObject;
  private @Nullable String message;

  private OpenAiMessage(JsonParser parser) {
    this.parser = parser;
  }

  static Message read(byte[] bytes, int from, int to) {
    if (isDone(bytes, from, to)) {
      return END;
    }
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      return new OpenAiMessage(parser).whole(bytes, from, to);
    } catch (IOException e) {
      return new Unreadable("a message is not JSON: " + Excerpt.of(bytes, from, to));
    }
  }

  private static boolean isDone(byte[] bytes, int from, int end) {
    int to = end;
    while (to > from && bytes[to - 1] == ' ') {
      to--;
    }
    return Arrays.equals(bytes, from, to, DONE, 0, DONE.length);
  }

  private Message whole(byte[] bytes, int from, int to) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return new Unreadable("a message is not a JSON object: " + Excerpt.of(bytes, from, to));
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      field(key);
    }
    if (error != null) {
      return new ServerError(error);
    }
    if (errorObject) {
      return new ServerError(message == null ? Excerpt.of(bytes, from, to) : message);
    }
    return new Chunk(choices, content, reasoning, finishReason, usage);
  }

  private void field(String key) throws IOException {
    switch (key) {
      case "choices" -> choices();
      case "usage" -> usage();
      case "error" -> error();
      case "object" -> errorObject = "error".equals(text());
      case "message" -> message = text();
      default -> parser.skipChildren();
    }
  }

  private void choices() throws IOException {
    if (!parser.isExpectedStartArrayToken()) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      choices = true;
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        parser.nextToken();
        choice(key);
      }
    }
  }

  private void choice(String key) throws IOException {
    switch (key) {
      case "text" -> content += textOrEmpty();
      case "delta" -> delta();
      case "finish_reason" -> {
        String reason = text();
        finishReason = reason == null ? finishReason : reason;
      }
      default -> parser.skipChildren();
    }
  }

  private void delta() throws IOException {
    if (!parser.isExpectedStartObjectToken()) {
      parser.skipChildren();
      return;
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      switch (key) {
        case "content" -> content += textOrEmpty();
        case "reasoning", "reasoning_content" -> {
          String text = textOrEmpty();
          reasoning = text.isEmpty() ? reasoning : text;
        }
        default -> parser.skipChildren();
      }
    }
  }

  private void usage() throws IOException {
    if (!parser.isExpectedStartObjectToken()) {
      parser.skipChildren();
      return;
    }
    Integer prompt = null;
    Integer output = null;
    Integer cached = null;
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      switch (key) {
        case "prompt_tokens" -> prompt = count();
        case "completion_tokens" -> output = count();
        case "prompt_tokens_details" -> cached = cachedTokens();
        default -> parser.skipChildren();
      }
    }
    usage = new Usage(prompt, output, cached);
  }

  private @Nullable Integer cachedTokens() throws IOException {
    Integer cached = null;
    if (!parser.isExpectedStartObjectToken()) {
      parser.skipChildren();
      return null;
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      if (key.equals("cached_tokens")) {
        cached = count();
      } else {
        parser.skipChildren();
      }
    }
    return cached;
  }

  private @Nullable Integer count() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      long value = parser.getLongValue();
      return value >= 0 && value <= Integer.MAX_VALUE ? (int) value : null;
    }
    parser.skipChildren();
    return null;
  }

  private void error() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (!parser.isExpectedStartObjectToken()) {
      String text = parser.getValueAsString();
      error = text == null || text.isEmpty() ? "no reason given" : Excerpt.of(text);
      parser.skipChildren();
      return;
    }
    String reason = null;
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      if (key.equals("message")) {
        reason = text();
      } else {
        parser.skipChildren();
      }
    }
    error = reason == null ? "no reason given" : Excerpt.of(reason);
  }

  private String textOrEmpty() throws IOException {
    String text = text();
    return text == null ? "" : text;
  }

  private @Nullable String text() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }
}
