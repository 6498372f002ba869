package dev.kvasir.producer.workload;

import java.util.List;
import java.util.random.RandomGenerator;

/** Texts of random words with an exact number of tokens. */
final class WordText {

  private final List<String> words;

  WordText(Tokenizer tokenizer) {
    this.words = tokenizer.words();
  }

  /** How many texts can begin differently. */
  int beginnings() {
    return words.size();
  }

  /** A text of {@code tokens} tokens. */
  String draw(int tokens, RandomGenerator random) {
    return drawFrom(random.nextInt(words.size()), tokens, random);
  }

  /**
   * A text of {@code tokens} tokens whose first word is the one numbered {@code beginning}, counted
   * round: texts with different beginnings share no prefix.
   */
  String drawFrom(int beginning, int tokens, RandomGenerator random) {
    StringBuilder text = new StringBuilder(tokens * 7);
    text.append(words.get(Math.floorMod(beginning, words.size())));
    append(text, tokens - 1, random);
    return text.toString();
  }

  /** Appends {@code tokens} tokens to a text. */
  void append(StringBuilder text, int tokens, RandomGenerator random) {
    for (int i = 0; i < tokens; i++) {
      text.append(' ').append(words.get(random.nextInt(words.size())));
    }
  }
}
