package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nested maps in the plot library's language. */
final class Spec {

  private Spec() {}

  /** A map of alternating names and values. */
  static Map<String, Object> of(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  static Map<String, Object> with(Map<String, Object> base, Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>(base);
    map.putAll(of(namesAndValues));
    return map;
  }

  /** Names and values, and more of them. */
  static Object[] joined(Object[] namesAndValues, Object... more) {
    Object[] all = Arrays.copyOf(namesAndValues, namesAndValues.length + more.length);
    System.arraycopy(more, 0, all, namesAndValues.length, more.length);
    return all;
  }

  /** A list that may hold nulls and may be changed. */
  static List<Object> list(List<?> items) {
    return new ArrayList<>(items);
  }
}
