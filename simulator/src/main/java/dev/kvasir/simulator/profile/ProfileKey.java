package dev.kvasir.simulator.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key of a profile file, with what its value must be.
 *
 * @param least the smallest number that makes sense
 * @param choices the words of a {@link Kind#CHOICE}
 * @param fallback its value where a profile does not say; null where it must, or where it is worked
 *     out
 * @param workedOut whether it follows from the model and the GPU where a profile does not say
 */
record ProfileKey(
    String path,
    Kind kind,
    double least,
    List<String> choices,
    @Nullable String fallback,
    boolean workedOut) {

  /** What a value is written like. */
  enum Kind {
    TEXT("a text"),
    WHOLE("a whole number"),
    DECIMAL("a number"),
    SWITCH("true or false"),
    CHOICE("one of"),
    DURATION("a duration such as 13.5ms, 47us or 3.8ns"),
    BYTES("a size such as 24GB, 16GiB or 512MB"),
    BANDWIDTH("a bandwidth such as 64GB/s or 400Gb/s"),
    ARITHMETIC("a speed such as 121TFLOP/s");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    /** Whether it is a quantity, which has a source. */
    boolean isNumber() {
      return this != TEXT && this != SWITCH && this != CHOICE;
    }
  }

  ProfileKey {
    choices = List.copyOf(choices);
  }

  /** For an error message. */
  String expected() {
    if (kind == Kind.CHOICE) {
      return "one of " + String.join(", ", choices);
    }
    return least <= 0
        ? kind.expected
        : String.format(Locale.ROOT, "%s of at least %.0f", kind.expected, least);
  }

  static ProfileKey must(String path, Kind kind, double least) {
    return new ProfileKey(path, kind, least, List.of(), null, false);
  }

  static ProfileKey workedOut(String path, Kind kind, double least) {
    return new ProfileKey(path, kind, least, List.of(), null, true);
  }

  static ProfileKey may(String path, Kind kind, double least, String fallback) {
    return new ProfileKey(path, kind, least, List.of(), fallback, false);
  }

  static ProfileKey choice(String path, String fallback, String... choices) {
    return new ProfileKey(path, Kind.CHOICE, 0, List.of(choices), fallback, false);
  }

  /** The key with this path, or null. */
  static @Nullable ProfileKey named(String path) {
    return ProfileKeys.BY_PATH.get(path);
  }

  /** What may stand directly in the section {@code prefix}, which is empty or ends in a dot. */
  static List<String> childrenOf(String prefix) {
    List<String> children = new ArrayList<>();
    for (String path : ProfileKeys.BY_PATH.keySet()) {
      if (!path.startsWith(prefix)) {
        continue;
      }
      String rest = path.substring(prefix.length());
      int dot = rest.indexOf('.');
      String child = dot < 0 ? rest : rest.substring(0, dot);
      if (!children.contains(child)) {
        children.add(child);
      }
    }
    return children;
  }
}
