package dev.kvasir.simulator.profile;

import java.util.Collection;
import java.util.Comparator;

/** The known name that was probably meant. */
final class NearestName {
  private NearestName() {}

  /** A sentence for an error message. */
  static String hint(String found, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> edits(found, name)))
        .filter(name -> edits(found, name) <= Math.max(2, name.length() / 2))
        .map(name -> "did you mean " + name + "?")
        .orElse("expected one of " + String.join(", ", known));
  }

  /** Levenshtein's distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
