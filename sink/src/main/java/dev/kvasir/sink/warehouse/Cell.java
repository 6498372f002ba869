package dev.kvasir.sink.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.jspecify.annotations.Nullable;

/** DuckDB's values as null, Boolean, Number, String, List and Map. */
final class Cell {

  private Cell() {}

  static @Nullable Object plain(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Boolean truth -> truth;
      case Number number -> number;
      case String text -> text;
      case java.sql.Timestamp time -> time.toLocalDateTime().toString();
      case JsonNode json -> json.toString();
      case Blob bytes ->
          Base64.getEncoder().encodeToString(bytes.getBytes(1, (int) bytes.length()));
      case java.sql.Array array -> list(Arrays.asList((@Nullable Object[]) array.getArray()));
      case List<?> items -> list(items);
      case DuckDBStruct struct -> map(struct.getMap());
      case Struct struct -> list(Arrays.asList(struct.getAttributes()));
      case Map<?, ?> entries -> map(entries);
      default -> value.toString();
    };
  }

  private static List<@Nullable Object> list(List<?> items) throws SQLException {
    List<@Nullable Object> plain = new ArrayList<>(items.size());
    for (Object item : items) {
      plain.add(plain(item));
    }
    return plain;
  }

  private static Map<String, @Nullable Object> map(Map<?, ?> entries) throws SQLException {
    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      plain.put(String.valueOf(entry.getKey()), plain(entry.getValue()));
    }
    return plain;
  }
}
