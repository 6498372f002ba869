package dev.kvasir.producer.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message that is a JSON object, read in one pass and without a tree. Whoever is handed a field
 * takes its value or skips it.
 */
final class JsonMessage {

  /** Takes a field, whose value is the current token. */
  @FunctionalInterface
  interface FieldReader {
    void field(String key) throws IOException;
  }

  /** Reads a message's fields and says what they mean. */
  @FunctionalInterface
  interface Meaning {
    Message of(JsonMessage json) throws IOException;
  }

  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper WRITER = new ObjectMapper();
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final Message.Done END = new Message.Done();

  private final JsonParser parser;

  private JsonMessage(JsonParser parser) {
    this.parser = parser;
  }

  /** What a message means; {@code [DONE]} is the stream's end in every protocol that sends it. */
  static Message read(byte[] bytes, int from, int to, Meaning meaning) {
    if (isDone(bytes, from, to)) {
      return END;
    }
    try (JsonParser parser = JSON.createParser(bytes, from, to - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Message.Unreadable(
            "a message is not a JSON object: " + Excerpt.of(bytes, from, to));
      }
      return meaning.of(new JsonMessage(parser));
    } catch (IOException e) {
      return new Message.Unreadable("a message is not JSON: " + Excerpt.of(bytes, from, to));
    }
  }

  private static boolean isDone(byte[] bytes, int from, int end) {
    int to = end;
    while (to > from && bytes[to - 1] == ' ') {
      to--;
    }
    return Arrays.equals(bytes, from, to, DONE, 0, DONE.length);
  }

  /** A request's body. */
  static byte[] write(Map<String, @Nullable Object> body) {
    try {
      return WRITER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the request's body cannot be written as JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Hands over the fields of the current object; anything else is skipped. */
  void fields(FieldReader reader) throws IOException {
    if (!parser.isExpectedStartObjectToken()) {
      parser.skipChildren();
      return;
    }
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      reader.field(key);
    }
  }

  /** Hands over the fields of each object of the current array; anything else is skipped. */
  boolean items(FieldReader reader) throws IOException {
    if (!parser.isExpectedStartArrayToken()) {
      parser.skipChildren();
      return false;
    }
    boolean any = false;
    for (JsonToken item = parser.nextToken();
        item != JsonToken.END_ARRAY && item != null;
        item = parser.nextToken()) {
      any |= item == JsonToken.START_OBJECT;
      fields(reader);
    }
    return any;
  }

  void skip() throws IOException {
    parser.skipChildren();
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  boolean isTrue() throws IOException {
    parser.skipChildren();
    return parser.currentToken() == JsonToken.VALUE_TRUE;
  }

  boolean isObject() {
    return parser.isExpectedStartObjectToken();
  }

  /** The current text; null when it is something else. */
  @Nullable String text() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }

  String textOrEmpty() throws IOException {
    String text = text();
    return text == null ? "" : text;
  }

  /** The current count; null when it is no whole number from 0 to 2³¹−1. */
  @Nullable Integer count() throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      Number value = parser.getNumberValue();
      return value instanceof Integer count && count >= 0 ? count : null;
    }
    parser.skipChildren();
    return null;
  }

  /** What the current value of an {@code error} field says; null when it is null. */
  @Nullable String error() throws IOException {
    if (isNull()) {
      return null;
    }
    if (!isObject()) {
      String text = parser.getValueAsString();
      parser.skipChildren();
      return text == null || text.isEmpty() ? "no reason given" : Excerpt.of(text);
    }
    String[] reason = {"no reason given"};
    fields(key -> {
      String text = key.equals("message") ? text() : null;
      if (text != null) {
        reason[0] = Excerpt.of(text);
      } else {
        skip();
      }
    });
    return reason[0];
  }
}
