package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The runs behind a figure.
 *
 * @param experiments their experiments
 * @param drawn a row for each experiment
 * @param leftOut runs that are not counted, by verdict
 */
record Context(List<String> experiments, QueryResult drawn, QueryResult leftOut) {

  /** Everything that the experiments say in a column, each once. */
  String all(String column) {
    Set<String> texts = new TreeSet<>();
    for (Object value : drawn.column(column)) {
      if (value != null) {
        texts.addAll(List.of(value.toString().split(", ")));
      }
    }
    return String.join(", ", texts);
  }

  long sum(String column) {
    return drawn.column(column).stream()
        .mapToLong(value -> value instanceof Number number ? number.longValue() : 0)
        .sum();
  }

  /** The least and the greatest of two columns as a text; null if they are unknown. */
  @Nullable String range(String least, String most) {
    List<Long> low = numbers(least);
    List<Long> high = numbers(most);
    if (low.isEmpty() || high.isEmpty()) {
      return null;
    }
    long from = low.stream().mapToLong(Long::longValue).min().orElseThrow();
    long to = high.stream().mapToLong(Long::longValue).max().orElseThrow();
    return from == to ? String.valueOf(from) : from + " to " + to;
  }

  private List<Long> numbers(String column) {
    List<Long> numbers = new ArrayList<>();
    for (Object value : drawn.column(column)) {
      if (value instanceof Number number) {
        numbers.add(number.longValue());
      }
    }
    return numbers;
  }

  /** The runs that are not counted, as a text; empty if there are none. */
  String uncounted() {
    List<String> texts = new ArrayList<>();
    leftOut.rows().forEach(row -> texts.add(row.get(1) + " " + row.get(0)));
    return String.join(", ", texts);
  }
}
