package dev.kvasir.sink.question;

import org.jspecify.annotations.Nullable;

/**
 * Something that a question leaves open.
 *
 * @param name name, as it is given to a command
 * @param type what its value is
 * @param optional whether it may be left out
 * @param byDefault the value if it is left out; null for none
 * @param meaning what it means
 */
public record Parameter(
    String name, Type type, boolean optional, @Nullable String byDefault, String meaning) {

  /** What a value is. */
  public enum Type {
    VARCHAR {
      @Override
      Object parse(String text) {
        return text;
      }
    },
    BIGINT {
      @Override
      Object parse(String text) {
        return Long.parseLong(text);
      }
    },
    DOUBLE {
      @Override
      Object parse(String text) {
        return Double.parseDouble(text);
      }
    };

    abstract Object parse(String text);
  }

  /**
   * A value from text.
   *
   * @throws IllegalArgumentException if the text is no such value
   */
  Object parse(String text) {
    try {
      return type.parse(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "parameter %s is %s; expected a number (%s)".formatted(name, text, meaning), e);
    }
  }
}
