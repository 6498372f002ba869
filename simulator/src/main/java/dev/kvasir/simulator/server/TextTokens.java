package dev.kvasir.simulator.server;

import java.nio.charset.StandardCharsets;

/**
 * The simulated tokenizer. A text's tokens are its pieces of four UTF-16 code units, the last one
 * perhaps shorter; equal pieces have equal ids. Output tokens are words of three letters after a
 * space, so that a prompt which contains an earlier answer has the answer's token ids.
 */
final class TextTokens {
  /** Output token ids are 0 to this, exclusive. */
  static final int WORDS = 1024;

  private static final int PIECE = 4;
  private static final String CONSONANTS = "bdfghjklmnprstvz";
  private static final String VOWELS = "aeio";
  private static final byte[][] WORD_BYTES = wordBytes();

  private TextTokens() {}

  static int count(String text) {
    return Math.ceilDiv(text.length(), PIECE);
  }

  /** Writes the ids of {@code text} into {@code ids} from {@code from} on. */
  static void encode(String text, int[] ids, int from) {
    int at = from;
    for (int start = 0; start < text.length(); start += PIECE) {
      ids[at++] = id(text, start, Math.min(start + PIECE, text.length()));
    }
  }

  static String word(int token) {
    return new String(WORD_BYTES[token], StandardCharsets.US_ASCII);
  }

  /** Not to be written to. */
  static byte[] wordBytes(int token) {
    return WORD_BYTES[token];
  }

  private static int id(String text, int start, int end) {
    int word = end - start == PIECE && text.charAt(start) == ' ' ? wordId(text, start) : -1;
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
