package dev.kvasir.label;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words of a POSIX shell command: quotes and backslashes are understood, expansions are not. */
public final class ShellWords {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<value>.*)", Pattern.DOTALL);

  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean open;
  private int at;

  private ShellWords(String text) {
    this.text = text;
  }

  /** The words of a text; a quote that is never closed ends with the text. */
  public static List<String> split(String text) {
    return new ShellWords(text).words();
  }

  /** A command that splits into these words again. */
  public static String join(List<String> words) {
    return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
  }

  /** Puts {@code NAME=value} into a map; whether the word is such. */
  static boolean assign(String word, Map<String, String> variables) {
    Matcher assignment = ASSIGNMENT.matcher(word);
    if (!assignment.matches()) {
      return false;
    }
    variables.put(assignment.group("name"), assignment.group("value"));
    return true;
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private List<String> words() {
    while (at < text.length()) {
      char next = text.charAt(at++);
      switch (next) {
        case '\'' -> single();
        case '"' -> twofold();
        case '\\' -> escaped();
        case ' ', '\t', '\n', '\r' -> end();
        default -> add(next);
      }
    }
    end();
    return List.copyOf(words);
  }

  private void add(char next) {
    word.append(next);
    open = true;
  }

  private void end() {
    if (open) {
      words.add(word.toString());
    }
    word.setLength(0);
    open = false;
  }

  private void single() {
    open = true;
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (next == '\'') {
        return;
      }
      word.append(next);
    }
  }

  private void twofold() {
    open = true;
    while (at < text.length()) {
      char next = text.charAt(at++);
      if (next == '"') {
        return;
      }
      boolean escape = next == '\\' && at < text.length() && "\"\\$`".indexOf(text.charAt(at)) >= 0;
      word.append(escape ? text.charAt(at++) : next);
    }
  }

  private void escaped() {
    if (at == text.length()) {
      return;
    }
    char next = text.charAt(at++);
    if (next != '\n') {
      add(next);
    }
  }
}
