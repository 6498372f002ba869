package dev.kvasir.producer.workload;

/**
 * A part of a text: random words of one token each. The same seed gives the same words, and fewer
 * of them are the beginning of more.
 *
 * @param seed draws the words
 * @param tokens how many words
 * @param beginning number of the first word, counted round; below 0 the seed draws it too
 */
record Words(long seed, int tokens, int beginning) {

  Words {
    if (tokens < 0) {
      throw new IllegalArgumentException(tokens + " words");
    }
  }

  /** Words that the seed draws, the first one too. */
  static Words drawn(long seed, int tokens) {
    return new Words(seed, tokens, -1);
  }
}
