package dev.kvasir.app.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A question's parameters from the words of a command line. */
final class QuestionParameters {

  private QuestionParameters() {}

  /**
   * Reads {@code --name value}, {@code --name=value} and {@code name=value}.
   *
   * @throws Refusal if a word is none of these, or a value is missing
   */
  static Map<String, String> of(List<String> words) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      int equals = word.indexOf('=');
      if (equals > 0) {
        parameters.put(name(word.substring(0, equals)), word.substring(equals + 1));
      } else if (word.startsWith("--") && i + 1 < words.size()) {
        parameters.put(name(word), words.get(++i));
      } else {
        throw new Refusal(
            ExitCode.USAGE,
            "expected --parameter VALUE and found %s; 'kvasir ask' lists every question's parameters"
                .formatted(word));
      }
    }
    return parameters;
  }

  private static String name(String option) {
    return option.replaceFirst("^--", "").replace('-', '_');
  }
}
