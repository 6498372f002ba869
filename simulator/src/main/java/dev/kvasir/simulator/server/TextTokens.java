package dev.kvasir.simulator.server;

import java.nio.charset.StandardCharsets;

/**
 * The simulated tokenizer, which cuts texts as the byte-pair ones of models do. A token is at most
 * eight letters with the space before them, at most three digits, or at most four other characters;
 * equal tokens have equal ids. Output tokens are words of three letters after a space, so that a
 * prompt which contains an earlier answer has the answer's token ids.
 */
final class TextTokens {
  /** Output token ids are 0 to this, exclusive. */
  static final int WORDS = 1024;

  private static final int WORD_LENGTH = 4;
  private static final String CONSONANTS = "bdfghjklmnprstvz";
  private static final String VOWELS = "aeio";
  private static final byte[][] WORD_BYTES = wordBytes();

  /** What a token consists of, and how much of it at most. */
  private enum Kind {
    LETTERS(8),
    DIGITS(3),
    OTHERS(4);

    private final int most;

    Kind(int most) {
      this.most = most;
    }

    static Kind of(char character) {
      return Character.isLetter(character)
          ? LETTERS
          : Character.isDigit(character) ? DIGITS : OTHERS;
    }
  }

  private TextTokens() {}

  static int count(String text) {
    int count = 0;
    for (int at = 0; at < text.length(); at = end(text, at)) {
      count++;
    }
    return count;
  }

  /** Writes the ids of {@code text} into {@code ids} from {@code from} on. */
  static void encode(String text, int[] ids, int from) {
    int at = from;
    int end;
    for (int start = 0; start < text.length(); start = end) {
      end = end(text, start);
      ids[at++] = id(text, start, end);
    }
  }

  /** Where the token ends that begins at {@code start}. */
  private static int end(String text, int start) {
    int first = beginsWord(text, start) ? start + 1 : start;
    Kind kind = Kind.of(text.charAt(first));
    int limit = Math.min(text.length(), first + kind.most);
    int at = first + 1;
    while (at < limit && Kind.of(text.charAt(at)) == kind && !beginsWord(text, at)) {
      at++;
    }
    return at;
  }

  private static boolean beginsWord(String text, int at) {
    return text.charAt(at) == ' '
        && at + 1 < text.length()
        && Character.isLetter(text.charAt(at + 1));
  }

  static String word(int token) {
    return new String(WORD_BYTES[token], StandardCharsets.US_ASCII);
  }

  /** Not to be written to. */
  static byte[] wordBytes(int token) {
    return WORD_BYTES[token];
  }

  private static int id(String text, int start, int end) {
    int word = end - start == WORD_LENGTH && text.charAt(start) == ' ' ? wordId(text, start) : -1;
    if (word >= 0) {
      return word;
    }
    long packed = (long) end - start;
    for (int i = start; i < end; i++) {
      packed = packed * 0x9e3779b97f4a7c15L + text.charAt(i);
    }
    return WORDS + (int) ((packed ^ (packed >>> 32)) & 0x3fff_ffff);
  }

  private static int wordId(String text, int start) {
    int first = CONSONANTS.indexOf(text.charAt(start + 1));
    int middle = VOWELS.indexOf(text.charAt(start + 2));
    int last = CONSONANTS.indexOf(text.charAt(start + 3));
    return (first | middle | last) < 0 ? -1 : first << 6 | middle << 4 | last;
  }

  private static byte[][] wordBytes() {
    byte[][] words = new byte[WORDS][];
    for (int id = 0; id < WORDS; id++) {
      words[id] =
          new byte[] {
            ' ',
            (byte) CONSONANTS.charAt(id >> 6),
            (byte) VOWELS.charAt(id >> 4 & 3),
            (byte) CONSONANTS.charAt(id & 15)
          };
    }
    return words;
  }
}
