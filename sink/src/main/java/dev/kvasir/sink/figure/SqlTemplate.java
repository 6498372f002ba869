package dev.kvasir.sink.figure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * SQL with holes such as <code>{{where}}</code>, from a file beside this class. What fills a hole
 * is not looked at again, so that a condition may hold anything.
 */
final class SqlTemplate {

  private static final Pattern HOLE = Pattern.compile("\\{\\{([a-z0-9_]+)}}");

  private final String name;
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();

  private SqlTemplate(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** The file of a name, without its ending. */
  static SqlTemplate named(String name) {
    try (InputStream in = SqlTemplate.class.getResourceAsStream(name + ".sql")) {
      if (in == null) {
        throw new IllegalStateException(
            "the query %s is missing from the sink's jar: build it again".formatted(name));
      }
      return new SqlTemplate(name, new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("the query %s cannot be read".formatted(name), e);
    }
  }

  /** Says what fills a hole. */
  SqlTemplate with(String hole, Object value) {
    values.put(hole, value.toString());
    return this;
  }

  /**
   * The SQL.
   *
   * @throws IllegalStateException if a hole is left, or there is none for a value
   */
  @Override
  public String toString() {
    for (String hole : values.keySet()) {
      if (!text.contains("{{" + hole + "}}")) {
        throw new IllegalStateException("the query %s has no hole %s".formatted(name, hole));
      }
    }
    return HOLE.matcher(text).replaceAll(this::filled);
  }

  private String filled(MatchResult hole) {
    String value = values.get(hole.group(1));
    if (value == null) {
      throw new IllegalStateException(
          "nothing fills %s of the query %s".formatted(hole.group(), name));
    }
    return Matcher.quoteReplacement(value);
  }

  /** Texts as SQL, separated by commas. */
  static String literals(Iterable<String> texts) {
    StringBuilder list = new StringBuilder();
    for (String text : texts) {
      list.append(list.isEmpty() ? "" : ", ").append(literal(text));
    }
    return list.toString();
  }

  /** A text as SQL. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A number as SQL; NULL when it is absent. */
  static String number(@Nullable Double value) {
    return (value == null ? "NULL" : value.toString()) + "::DOUBLE";
  }
}
