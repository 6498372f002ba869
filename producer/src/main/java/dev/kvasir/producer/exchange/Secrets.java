package dev.kvasir.producer.exchange;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must not be recorded, whoever says it: a server may repeat in an error what it was sent.
 *
 * @param values the secrets
 */
public record Secrets(List<String> values) {

  /** Nothing to hide. */
  public static final Secrets NONE = new Secrets(List.of());

  private static final String HIDDEN = "***";

  /** So much of a secret's beginning is hidden wherever it stands: a text may have been cut. */
  private static final int LEAST = 8;

  public Secrets {
    values =
        values.stream()
            .filter(value -> !value.isBlank())
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** The text with every secret, and every longer beginning of one, replaced. */
  public @Nullable String hide(@Nullable String text) {
    if (text == null || values.isEmpty()) {
      return text;
    }
    String shown = text;
    for (String value : values) {
      shown = hide(shown, value);
    }
    return shown;
  }

  private static String hide(String text, String value) {
    String beginning = value.substring(0, Math.min(LEAST, value.length()));
    StringBuilder shown = new StringBuilder();
    int at = 0;
    for (int found = text.indexOf(beginning); found >= 0; found = text.indexOf(beginning, at)) {
      shown.append(text, at, found).append(HIDDEN);
      at = found;
      for (int i = 0; i < value.length() && at < text.length(); i++, at++) {
        if (text.charAt(at) != value.charAt(i)) {
          break;
        }
      }
    }
    return shown.append(text, at, text.length()).toString();
  }
}
