package dev.kvasir.producer.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
final class NearestName {

  private NearestName() {}

  /** The known name that is fewest edits away, if they are at most a third of its length. */
  static Optional<String> of(String written, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> edits(written, name)))
        .filter(name -> edits(written, name) <= Math.max(1, name.length() / 3));
  }

  /** A remark for a message: the nearest name, or all of them. */
  static String hint(String written, Collection<String> known) {
    return of(written, known)
        .map("did you mean `%s`?"::formatted)
        .orElseGet(() -> "known are " + String.join(", ", known));
  }

  /** Insertions, deletions, replacements and swaps of neighbours between two texts. */
  private static int edits(String from, String to) {
    int[][] distance = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        distance[i][j] = i == 0 || j == 0 ? i + j : step(distance, from, to, i, j);
      }
    }
    return distance[from.length()][to.length()];
  }

  private static int step(int[][] distance, String from, String to, int i, int j) {
    boolean same = from.charAt(i - 1) == to.charAt(j - 1);
    int least =
        Math.min(
            distance[i - 1][j - 1] + (same ? 0 : 1),
            1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, 1 + distance[i - 2][j - 2]) : least;
  }
}
