package dev.kvasir.sink.imports;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object. Long arrays of numbers are read as they stream by and kept as numbers, output
 * texts are kept as hashes, and the benchmarks of a report are handed over one by one; the rest is
 * a tree. {@code NaN} and {@code Infinity} are allowed.
 */
final class JsonRecord {

  /** Takes one element of a report's {@code benchmarks}. */
  @FunctionalInterface
  interface Benchmarks {
    /**
     * Takes an element.
     *
     * @param report what came before in the report
     * @param index place of the element, from 0
     * @param benchmark the element
     */
    void accept(JsonRecord report, int index, JsonNode benchmark);
  }

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(com.fasterxml.jackson.core.StreamReadFeature.AUTO_CLOSE_SOURCE)
          .build();

  private static final Set<String> SERIES =
      Set.of(
          "input_lens",
          "output_lens",
          "ttfts",
          "tpots",
          "latencies",
          "queue_times",
          "start_times",
          "cached_tokens");

  private final Map<String, JsonNode> fields = new LinkedHashMap<>();
  private final Map<String, double[]> series = new HashMap<>();
  private final List<double[]> itls = new ArrayList<>();
  private final List<@Nullable Long> outputHashes = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private int benchmarks;

  private JsonRecord() {}

  static JsonParser parser(InputStream in) throws IOException {
    return JSON.createParser(in);
  }

  /**
   * Reads the object whose {@code START_OBJECT} the parser stands on.
   *
   * @throws com.fasterxml.jackson.core.JsonProcessingException if it is no JSON
   */
  static JsonRecord read(JsonParser parser, Benchmarks each) throws IOException {
    JsonRecord found = new JsonRecord();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      found.take(name, value, parser, each);
    }
    return found;
  }

  private void take(String name, JsonToken value, JsonParser parser, Benchmarks each)
      throws IOException {
    if (value != JsonToken.START_ARRAY) {
      fields.put(name, parser.readValueAsTree());
    } else if (SERIES.contains(name)) {
      series.put(name, numbers(name, parser));
    } else if (name.equals("itls")) {
      readItls(parser);
    } else if (name.equals("generated_texts")) {
      elements(parser, text -> outputHashes.add(text.isEmpty() ? null : Hash.first64(text)));
    } else if (name.equals("errors")) {
      elements(parser, errors::add);
    } else if (name.equals("benchmarks")) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        JsonNode benchmark = parser.readValueAsTree();
        each.accept(this, benchmarks++, benchmark);
      }
    } else {
      fields.put(name, parser.readValueAsTree());
    }
  }

  private static double[] numbers(String name, JsonParser parser) throws IOException {
    double[] found = new double[64];
    int count = 0;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (count == found.length) {
        found = Arrays.copyOf(found, count * 2);
      }
      found[count++] = number(name, token, parser);
    }
    return Arrays.copyOf(found, count);
  }

  private static double number(String name, JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_NULL -> Double.NaN;
      default ->
          throw new com.fasterxml.jackson.core.JsonParseException(
              parser, "%s holds %s; expected numbers".formatted(name, parser.getText()));
    };
  }

  private void readItls(JsonParser parser) throws IOException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token != JsonToken.START_ARRAY) {
        throw new com.fasterxml.jackson.core.JsonParseException(
            parser, "itls holds %s; expected a list for each request".formatted(parser.getText()));
      }
      itls.add(numbers("itls", parser));
    }
  }

  private static void elements(JsonParser parser, java.util.function.Consumer<String> each)
      throws IOException {
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      JsonNode element = parser.readValueAsTree();
      each.accept(
          element.isNull() ? "" : element.isTextual() ? element.asText() : element.toString());
    }
  }

  /** How many elements of {@code benchmarks} were handed over. */
  int benchmarks() {
    return benchmarks;
  }

  boolean has(String name) {
    JsonNode value = fields.get(name);
    return series.containsKey(name) || (value != null && !value.isNull());
  }

  /** Every field that is not a long array, in the file's order. */
  Map<String, JsonNode> fields() {
    return fields;
  }

  /** A field; a missing node when it is absent or null. */
  JsonNode field(String name) {
    JsonNode value = fields.get(name);
    return value == null || value.isNull()
        ? com.fasterxml.jackson.databind.node.MissingNode.getInstance()
        : value;
  }

  /** A field as text; null when it is absent, null or empty. */
  @Nullable String text(String name) {
    String text = field(name).asText("");
    return text.isEmpty() ? null : text;
  }

  /** A field as a number, though it be written as text; null when it is none. */
  @Nullable Double number(String name) {
    return number(field(name));
  }

  /** A value as a number, though it be written as text; null when it is none. */
  static @Nullable Double number(JsonNode value) {
    if (value.isNumber()) {
      return value.doubleValue();
    }
    if (!value.isTextual()) {
      return null;
    }
    String text = value.asText().strip();
    if (text.equalsIgnoreCase("inf") || text.equalsIgnoreCase("infinity")) {
      return Double.POSITIVE_INFINITY;
    }
    return text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?")
        ? Double.valueOf(text)
        : null;
  }

  /** A number of a long array; null when the array or its element is absent. */
  @Nullable Double element(String name, int place) {
    double[] found = series.get(name);
    return found == null || place >= found.length || Double.isNaN(found[place])
        ? null
        : (Double) found[place];
  }

  /** Length of a long array; 0 when it is absent. */
  int length(String name) {
    double[] found = series.get(name);
    return found == null ? 0 : found.length;
  }

  double[] series(String name) {
    return series.getOrDefault(name, ImportedRequest.NONE);
  }

  double[] itls(int place) {
    return place < itls.size() ? itls.get(place) : ImportedRequest.NONE;
  }

  @Nullable Long outputHash(int place) {
    return place < outputHashes.size() ? outputHashes.get(place) : null;
  }

  /** A request's error; null when there was none. */
  @Nullable String error(int place) {
    return place < errors.size() && !errors.get(place).isEmpty() ? errors.get(place) : null;
  }
}
