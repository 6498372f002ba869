package dev.kvasir.sink.question;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A named SQL query with parameters.
 *
 * @param name name, as it is asked for
 * @param title what it shows, in a few words
 * @param meaning what the columns mean and how they are computed
 * @param parameters what it leaves open
 * @param columns what it answers, in the order of the query's columns
 * @param none what it means when there is no row
 * @param sql the query, with {@code $name} for each parameter
 */
public record Question(
    String name,
    String title,
    String meaning,
    List<Parameter> parameters,
    List<Column> columns,
    String none,
    String sql) {

  private static final Pattern HEADER =
      Pattern.compile("-- (title|meaning|none|parameter|column): (.*)");
  private static final Pattern COLUMN = Pattern.compile("([a-z0-9_]+)( \\((.+?)\\))?: (.+)");
  private static final Pattern PARAMETER =
      Pattern.compile("([a-z_]+) ([A-Z]+)(?:\\((\\S+)\\))?( = (NULL|\\S+))?: (.+)");
  private static final Pattern PLACE = Pattern.compile("\\$([a-z_]+)");

  /**
   * A column of the answer.
   *
   * @param name its name
   * @param unit what it is measured in; null for none
   * @param meaning what it means
   */
  public record Column(String name, @Nullable String unit, String meaning) {}

  /**
   * Reads a question: header lines {@code -- title:}, {@code -- meaning:}, {@code -- none:}, {@code
   * -- parameter: name TYPE(choice|choice) = default: meaning} and {@code -- column: name (unit):
   * meaning}, then the query.
   *
   * @throws IllegalArgumentException if the header is incomplete or a parameter is not declared
   */
  static Question parse(String name, String text) {
    List<String> titles = new ArrayList<>();
    List<String> meanings = new ArrayList<>();
    List<String> nones = new ArrayList<>();
    List<Parameter> parameters = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    StringBuilder sql = new StringBuilder();
    for (String line : text.lines().toList()) {
      Matcher header = HEADER.matcher(line);
      if (!header.matches()) {
        sql.append(line).append('\n');
        continue;
      }
      switch (header.group(1)) {
        case "title" -> titles.add(header.group(2));
        case "meaning" -> meanings.add(header.group(2));
        case "none" -> nones.add(header.group(2));
        case "column" -> columns.add(column(name, header.group(2)));
        default -> parameters.add(parameter(name, header.group(2)));
      }
    }
    if (titles.size() != 1 || meanings.isEmpty() || nones.isEmpty() || columns.isEmpty()) {
      throw new IllegalArgumentException(
          "question " + name + " needs one title, a meaning, what no row means, and its columns");
    }
    Question question =
        new Question(
            name,
            titles.getFirst(),
            String.join(" ", meanings),
            List.copyOf(parameters),
            List.copyOf(columns),
            String.join(" ", nones),
            sql.toString().strip());
    PLACE.matcher(question.sql).results().forEach(place -> question.place(place.group(1)));
    return question;
  }

  private static Column column(String question, String text) {
    Matcher parts = COLUMN.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "question %s: column is %s; expected name (unit): meaning".formatted(question, text));
    }
    return new Column(parts.group(1), parts.group(3), parts.group(4));
  }

  private static Parameter parameter(String question, String text) {
    Matcher parts = PARAMETER.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "question %s: parameter is %s; expected name TYPE = default: meaning"
              .formatted(question, text));
    }
    String value = parts.group(5);
    return new Parameter(
        parts.group(1),
        Parameter.Type.valueOf(parts.group(2)),
        parts.group(3) == null ? List.of() : List.of(parts.group(3).split("[|]")),
        parts.group(4) != null,
        value == null || value.equals("NULL") ? null : value,
        parts.group(6));
  }

  /**
   * Puts values in.
   *
   * @param given values by parameter, as text
   * @throws IllegalArgumentException if one is missing, unknown or malformed
   */
  public BoundQuestion bind(Map<String, String> given) {
    List<@Nullable Object> values = values(given);
    for (int i = 0; i < values.size(); i++) {
      Parameter parameter = parameters.get(i);
      if (values.get(i) == null && !parameter.optional()) {
        throw new IllegalArgumentException(
            "question %s needs --%s: %s".formatted(name, parameter.option(), parameter.meaning()));
      }
    }
    String bound = PLACE.matcher(sql).replaceAll(found -> "\\$" + place(found.group(1)));
    return new BoundQuestion(bound, values);
  }

  /**
   * The query with values written into it, so that it runs as it is; a parameter that must be given
   * and is not stays {@code $name}.
   *
   * @throws IllegalArgumentException if one is unknown or malformed
   */
  public String written(Map<String, String> given) {
    List<@Nullable Object> values = values(given);
    return PLACE
        .matcher(sql)
        .replaceAll(found -> {
          int place = place(found.group(1)) - 1;
          Object value = values.get(place);
          return Matcher.quoteReplacement(
              value == null && !parameters.get(place).optional() ? found.group() : literal(value));
        });
  }

  private static String literal(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case String text -> "'" + text.replace("'", "''") + "'";
      default -> String.format(Locale.ROOT, "%s", value);
    };
  }

  private List<@Nullable Object> values(Map<String, String> given) {
    given.keySet().forEach(this::place);
    List<@Nullable Object> values = new ArrayList<>();
    for (Parameter parameter : parameters) {
      String text = given.getOrDefault(parameter.name(), parameter.byDefault());
      values.add(text == null ? null : parameter.parse(text));
    }
    return values;
  }

  /** The place of a parameter, from 1. */
  private int place(String parameter) {
    List<String> names = parameters.stream().map(Parameter::name).toList();
    int place = names.indexOf(parameter);
    if (place < 0) {
      throw new IllegalArgumentException(
          "question %s has no parameter %s; it has %s"
              .formatted(name, parameter, names.isEmpty() ? "none" : String.join(", ", names)));
    }
    return place + 1;
  }
}
