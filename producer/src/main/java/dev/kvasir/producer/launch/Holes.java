package dev.kvasir.producer.launch;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills templates. <code>${name}</code> is a value, <code>${a + 2 * b}</code> a sum of whole
 * numbers with spaces around the signs, and <code>$${name}</code> the text <code>${name}</code>.
 */
final class Holes {

  private static final Pattern HOLE = Pattern.compile("(?<escaped>\\$?)\\$\\{(?<inside>[^}]*)}");
  private static final Pattern WHOLE = Pattern.compile("\\$\\{(?<inside>[^}]*)}");
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}");

  private final Map<String, List<String>> values;
  private final Set<String> problems;

  /**
   * @param values what the names stand for; several values are words of their own in a command
   * @param problems takes what cannot be filled
   */
  Holes(Map<String, List<String>> values, Set<String> problems) {
    this.values = values;
    this.problems = problems;
  }

  /** A template as one text; several values are joined by spaces. */
  String text(String template) {
    return HOLE.matcher(template)
        .replaceAll(hole ->
            Matcher.quoteReplacement(
                hole.group("escaped").isEmpty()
                    ? String.join(" ", value(hole.group("inside").strip()))
                    : hole.group().substring(1)));
  }

  /** A word of a command; one that is nothing but several values becomes as many words. */
  List<String> words(String template) {
    Matcher whole = WHOLE.matcher(template);
    return whole.matches() ? value(whole.group("inside").strip()) : List.of(text(template));
  }

  private List<String> value(String inside) {
    String[] tokens = inside.split("\\s+");
    if (tokens.length == 1) {
      return named(inside);
    }
    if (tokens.length % 2 == 0) {
      problems.add("${%s} is no sum".formatted(inside));
      return List.of("0");
    }
    return List.of(Long.toString(sum(inside, tokens)));
  }

  private List<String> named(String name) {
    List<String> value = values.get(name);
    if (value != null) {
      return value;
    }
    if (NUMBER.matcher(name).matches()) {
      return List.of(name);
    }
    problems.add(
        "${%s} is unknown; known are %s; for the shell's own variable write $%s or $${%s}"
            .formatted(name, String.join(", ", new TreeSet<>(values.keySet())), name, name));
    return List.of("0");
  }

  private long sum(String inside, String[] tokens) {
    long sum = 0;
    long product = number(tokens[0]);
    for (int i = 1; i < tokens.length; i += 2) {
      long next = number(tokens[i + 1]);
      switch (tokens[i]) {
        case "*" -> product *= next;
        case "+" -> {
          sum += product;
          product = next;
        }
        case "-" -> {
          sum += product;
          product = -next;
        }
        default -> problems.add("${%s}: %s is none of + - *".formatted(inside, tokens[i]));
      }
    }
    return sum + product;
  }

  private long number(String token) {
    String text = String.join(" ", named(token));
    if (NUMBER.matcher(text).matches()) {
      return Long.parseLong(text);
    }
    problems.add("${%s} is %s, which is no whole number".formatted(token, text));
    return 0;
  }
}
