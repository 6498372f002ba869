package dev.kvasir.producer.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one answer that are JSON objects, each read in one pass and without a tree.
 * Whoever is handed a field takes its value or skips it. One parser serves all messages of an
 * answer: making one costs more than a message does. Not thread-safe.
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

  private JsonParser parser = fresh();

  private static JsonParser fresh() {
    try {
      return JSON.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new UncheckedIOException("a parser in memory does no I/O", e);
    }
  }

  /** What a message means; {@code [DONE]} is the stream's end in every protocol that sends it. */
  Message read(byte[] bytes, int from, int to, Meaning meaning) {
    if (isDone(bytes, from, to)) {
      return END;
    }
    try {
      ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(bytes, from, to);
      if (next() != JsonToken.START_OBJECT) {
        parser = fresh();
        return new Message.Unreadable(
            "a message is not a JSON object: " + Excerpt.of(bytes, from, to));
      }
      Message message = meaning.of(this);
      passOver();
      return message;
    } catch (IOException e) {
      parser = fresh();
      return new Message.Unreadable("a message is not JSON: " + Excerpt.of(bytes, from, to));
    }
  }

  /** Leaves the message; what follows its object is of no interest. */
  private void passOver() throws IOException {
    if (!parser.getParsingContext().inRoot()) {
      throw new EOFException("the message's object does not end");
    }
    try {
      if (parser.getNonBlockingInputFeeder().needMoreInput()
          || parser.nextToken() == JsonToken.NOT_AVAILABLE) {
        return;
      }
      parser = fresh();
    } catch (JsonParseException e) {
      parser = fresh();
    }
  }

  private JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null || token == JsonToken.NOT_AVAILABLE) {
      throw new EOFException("the message ends within a value");
    }
    return token;
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
    while (next() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      next();
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
    for (JsonToken item = next(); item != JsonToken.END_ARRAY; item = next()) {
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
