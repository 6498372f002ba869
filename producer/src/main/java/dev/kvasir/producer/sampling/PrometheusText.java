package dev.kvasir.producer.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads Prometheus' text format; lines that are not of it are passed over. */
final class PrometheusText {

  /**
   * One series' value.
   *
   * @param name metric
   * @param labels labels
   * @param value value
   */
  record Series(String name, Map<String, String> labels, double value) {}

  private PrometheusText() {}

  /** The series of the named metrics. */
  static List<Series> read(String page, Set<String> names) {
    List<Series> found = new ArrayList<>();
    page.lines()
        .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
        .forEach(line -> {
          Series series = series(line, names);
          if (series != null) {
            found.add(series);
          }
        });
    return found;
  }

  /** The types that {@code # TYPE} lines give, by metric. */
  static Map<String, String> types(String page) {
    Map<String, String> types = new TreeMap<>();
    page.lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length == 4)
        .forEach(words -> types.put(words[2], words[3]));
    return types;
  }

  private static @Nullable Series series(String line, Set<String> names) {
    int end = nameEnd(line);
    String name = line.substring(0, end);
    if (!names.contains(name)) {
      return null;
    }
    Map<String, String> labels = new TreeMap<>();
    int at = end < line.length() && line.charAt(end) == '{' ? labels(line, end + 1, labels) : end;
    if (at < 0) {
      return null;
    }
    String value = line.substring(at).strip().split("\\s+", 2)[0];
    try {
      return new Series(name, labels, number(value));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static double number(String value) {
    return switch (value) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(value);
    };
  }

  private static int nameEnd(String line) {
    int at = 0;
    while (at < line.length() && line.charAt(at) != '{' && line.charAt(at) > ' ') {
      at++;
    }
    return at;
  }

  /** Reads labels up to the closing brace; returns the place after it, -1 if there is none. */
  private static int labels(String line, int from, Map<String, String> labels) {
    int at = from;
    while (at < line.length() && line.charAt(at) != '}') {
      int equals = line.indexOf("=\"", at);
      if (equals < 0) {
        return -1;
      }
      String key = line.substring(at, equals).replace(",", "").strip();
      StringBuilder value = new StringBuilder();
      at = value(line, equals + 2, value);
      if (at < 0) {
        return -1;
      }
      labels.put(key, value.toString());
    }
    return at < line.length() ? at + 1 : -1;
  }

  private static int value(String line, int from, StringBuilder value) {
    for (int at = from; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        return at + 1;
      }
      if (c == '\\' && at + 1 < line.length()) {
        at++;
        value.append(line.charAt(at) == 'n' ? '\n' : line.charAt(at));
      } else {
        value.append(c);
      }
    }
    return -1;
  }
}
