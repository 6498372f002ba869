package dev.kvasir.producer.exchange;

import java.nio.charset.StandardCharsets;

/** A short, printable, one-line piece of what a server sent, for error texts. */
final class Excerpt {

  private static final int MAX_CHARACTERS = 300;

  private Excerpt() {}

  static String of(byte[] bytes, int from, int to) {
    int length = Math.min(to - from, MAX_CHARACTERS * 4);
    return of(new String(bytes, from, length, StandardCharsets.UTF_8));
  }

  static String of(String text) {
    StringBuilder printable = new StringBuilder();
    boolean space = false;
    for (int i = 0; i < text.length() && printable.length() < MAX_CHARACTERS; i++) {
      char c = text.charAt(i);
      boolean blank = Character.isWhitespace(c);
      if (blank) {
        space = !printable.isEmpty();
        continue;
      }
      if (space) {
        printable.append(' ');
        space = false;
      }
      printable.append(Character.isISOControl(c) ? '\uFFFD' : c);
    }
    return printable.toString();
  }
}
