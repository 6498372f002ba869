package dev.kvasir.producer.workload;

import java.util.List;
import java.util.SplittableRandom;

/** Texts of random words with an exact number of tokens. Immutable. */
final class WordText {

  private static final int CHARACTERS_PER_WORD = 6;

  private final String[] words;

  WordText(Tokenizer tokenizer) {
    this.words = tokenizer.words().toArray(String[]::new);
  }

  /** How many texts can begin differently. */
  int beginnings() {
    return words.length;
  }

  /** The parts one after another: as many tokens as they have together. */
  String compose(List<Words> parts) {
    int tokens = parts.stream().mapToInt(Words::tokens).sum();
    StringBuilder text = new StringBuilder(tokens * CHARACTERS_PER_WORD);
    parts.forEach(part -> append(text, part));
    return text.toString();
  }

  private void append(StringBuilder text, Words part) {
    SplittableRandom random = new SplittableRandom(part.seed());
    for (int i = 0; i < part.tokens(); i++) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      boolean named = i == 0 && part.beginning() >= 0;
      text.append(words[named ? part.beginning() % words.length : random.nextInt(words.length)]);
    }
  }
}
