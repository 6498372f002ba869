package dev.kvasir.sink.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A query's answer as comma-separated values; absent is empty, lists and maps are JSON. */
public final class Csv {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Csv() {}

  /** The head and a line for each row. */
  public static String of(QueryResult result) {
    StringBuilder text = new StringBuilder();
    text.append(
            result.columns().stream()
                .map(column -> quoted(column.name()))
                .collect(Collectors.joining(",")))
        .append('\n');
    for (List<@Nullable Object> row : result.rows()) {
      text.append(
              row.stream()
                  .map(value -> value == null ? "" : quoted(plain(value)))
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return text.toString();
  }

  /** A value as text. */
  public static String plain(Object value) {
    try {
      return value instanceof Map || value instanceof List
          ? JSON.writeValueAsString(value)
          : value.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value cannot be written as JSON", e);
    }
  }

  private static String quoted(String text) {
    boolean isPlain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
