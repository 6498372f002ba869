package dev.kvasir.simulator.profile;

import dev.kvasir.simulator.profile.ProfileDocument.Entry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a profile and its bases, typed, with their fallbacks; notes what is wrong. */
final class ProfileValues {
  private final String file;
  private final Map<String, Entry> entries;
  private final List<String> problems;

  ProfileValues(String file, Map<String, Entry> entries, List<String> problems) {
    this.file = file;
    this.entries = entries;
    this.problems = problems;
  }

  /**
   * @throws InvalidProfileException with every problem, also those noted before
   */
  void check() {
    boolean worksOut = entries.containsKey("model.parameters");
    for (ProfileKey key : ProfileKeys.BY_PATH.values()) {
      check(key, worksOut);
    }
    if (!problems.isEmpty()) {
      throw new InvalidProfileException(problems);
    }
  }

  boolean has(String path) {
    return entries.containsKey(path);
  }

  /** Where a value comes from: file and line, or the file alone. */
  String place(String path) {
    Entry entry = entries.get(path);
    return entry == null ? file : entry.place();
  }

  String text(String path) {
    Entry entry = entries.get(path);
    if (entry != null) {
      return entry.text();
    }
    String fallback = key(path).fallback();
    if (fallback == null) {
      throw new IllegalStateException(path + " was not checked");
    }
    return fallback;
  }

  boolean flag(String path) {
    return text(path).equals("true");
  }

  int whole(String path) {
    return (int) number(path);
  }

  /** The number, in the unit of {@link Quantity}. */
  double number(String path) {
    Double number = Quantity.read(key(path).kind(), text(path));
    if (number == null) {
      throw new IllegalStateException(path + " was not checked");
    }
    return number;
  }

  private static ProfileKey key(String path) {
    ProfileKey key = ProfileKey.named(path);
    if (key == null) {
      throw new IllegalArgumentException(path + " is no key");
    }
    return key;
  }

  private void check(ProfileKey key, boolean worksOut) {
    Entry entry = entries.get(key.path());
    if (entry != null) {
      if (!fits(key, entry.text())) {
        problems.add(
            "%s: %s is %s; expected %s"
                .formatted(entry.place(), key.path(), entry.text(), key.expected()));
      }
    } else if (key.fallback() == null && !(key.workedOut() && worksOut) && !isExperts(key)) {
      problems.add("%s: %s is missing; expected %s".formatted(file, key.path(), key.expected()));
    }
  }

  private static boolean isExperts(ProfileKey key) {
    return key.path().equals("cost.experts-read");
  }

  private static boolean fits(ProfileKey key, String text) {
    return switch (key.kind()) {
      case TEXT -> !text.isBlank();
      case SWITCH -> text.equals("true") || text.equals("false");
      case CHOICE -> key.choices().contains(text);
      case WHOLE -> {
        Double number = Quantity.read(key.kind(), text);
        yield number != null && isWhole(number) && number >= key.least();
      }
      case DECIMAL, DURATION, BYTES, BANDWIDTH, ARITHMETIC -> {
        @Nullable Double number = Quantity.read(key.kind(), text);
        yield number != null && number >= key.least();
      }
    };
  }

  private static boolean isWhole(double number) {
    return number == Math.rint(number) && number <= Integer.MAX_VALUE;
  }
}
