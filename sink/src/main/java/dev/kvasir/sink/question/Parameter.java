package dev.kvasir.sink.question;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a question leaves open.
 *
 * @param name name, as it is given to a command
 * @param type what its value is
 * @param choices the texts that it may be; empty for any
 * @param optional whether it may be left out
 * @param byDefault the value if it is left out; null for none
 * @param meaning what it means
 */
public record Parameter(
    String name,
    Type type,
    List<String> choices,
    boolean optional,
    @Nullable String byDefault,
    String meaning) {

  /** What a value is. */
  public enum Type {
    TEXT("text"),
    INTEGER("a whole number"),
    NUMBER("a number"),
    POSITIVE("a number above 0"),
    MILLISECONDS("milliseconds above 0, such as 125, 125ms or 0.5s"),
    SHARE("a share, such as 90% or 0.9");

    private final String expected;

    Type(String expected) {
      this.expected = expected;
    }

    /** What a text must be, in words. */
    public String expected() {
      return expected;
    }

    /**
     * A value from text: a string, a long or a double.
     *
     * @throws NumberFormatException if the text is no such value
     */
    public Object parse(String text) {
      return switch (this) {
        case TEXT -> text;
        case INTEGER -> Long.parseLong(text);
        case NUMBER -> finite(text);
        case POSITIVE -> positive(finite(text));
        case MILLISECONDS ->
            positive(finite(text.replaceFirst("m?s$", ""))) * (text.matches("[0-9.]+s") ? 1000 : 1);
        case SHARE -> share(text);
      };
    }

    private static double share(String text) {
      double value = positive(finite(text.replaceFirst("%$", "")));
      double share = text.endsWith("%") || value > 1 ? value / 100 : value;
      if (share > 1) {
        throw new NumberFormatException(text);
      }
      return share;
    }

    private static double finite(String text) {
      double value = Double.parseDouble(text);
      if (!Double.isFinite(value)) {
        throw new NumberFormatException(text);
      }
      return value;
    }

    private static double positive(double value) {
      if (value <= 0) {
        throw new NumberFormatException(String.valueOf(value));
      }
      return value;
    }
  }

  /**
   * A value from text.
   *
   * @throws IllegalArgumentException if the text is no such value
   */
  Object parse(String text) {
    if (!choices.isEmpty() && !choices.contains(text)) {
      throw new IllegalArgumentException(
          "--%s is %s; expected one of %s".formatted(option(), text, String.join(", ", choices)));
    }
    try {
      return type.parse(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--%s is %s; expected %s (%s)".formatted(option(), text, type.expected(), meaning), e);
    }
  }

  /** Its name as an option of a command. */
  public String option() {
    return name.replace('_', '-');
  }
}
