package dev.kvasir.simulator.profile;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.ProfileDocument.Entry;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the entries of a profile and its bases into typed values, noting what is wrong. */
final class ProfileValues {
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ns|us|µs|ms|s)");

  private final String file;
  private final Map<ProfileKey, Entry> entries;
  private final List<String> problems;

  ProfileValues(String file, Map<ProfileKey, Entry> entries, List<String> problems) {
    this.file = file;
    this.entries = entries;
    this.problems = problems;
  }

  /**
   * @throws InvalidProfileException with every problem, also those noted before
   */
  Profile profile(String name) {
    for (ProfileKey key : ProfileKey.values()) {
      check(key);
    }
    if (!problems.isEmpty()) {
      throw new InvalidProfileException(problems);
    }
    try {
      return build(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidProfileException(
          List.of(entry(ProfileKey.BLOCKS).place() + ": " + e.getMessage()));
    }
  }

  private Profile build(String name) {
    return new Profile(
        name,
        text(ProfileKey.DESCRIPTION),
        new Profile.Model(text(ProfileKey.MODEL_NAME), whole(ProfileKey.MAX_CONTEXT)),
        new Profile.Scheduler(whole(ProfileKey.MAX_SEQUENCES), whole(ProfileKey.MAX_STEP_TOKENS)),
        new Profile.KvCache(
            whole(ProfileKey.BLOCK_TOKENS),
            whole(ProfileKey.BLOCKS),
            text(ProfileKey.PREFIX_CACHE).equals("true")),
        new Profile.Cost(
            number(ProfileKey.STEP_OVERHEAD),
            number(ProfileKey.WEIGHTS_READ),
            number(ProfileKey.COMPUTE_PER_TOKEN),
            number(ProfileKey.ATTENTION_PER_PAIR),
            number(ProfileKey.KV_READ_PER_TOKEN),
            number(ProfileKey.DECODE_PER_SEQUENCE)),
        new Profile.Output(
            number(ProfileKey.TIME_PER_OUTPUT),
            number(ProfileKey.NATURAL_MEDIAN),
            number(ProfileKey.NATURAL_SIGMA)));
  }

  private void check(ProfileKey key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      problems.add("%s: %s is missing; expected %s".formatted(file, key.path(), key.expected()));
      return;
    }
    if (!fits(key, entry.text())) {
      problems.add(
          "%s: %s is %s; expected %s"
              .formatted(entry.place(), key.path(), entry.text(), key.expected()));
    }
  }

  private static boolean fits(ProfileKey key, String text) {
    return switch (key.kind()) {
      case TEXT -> !text.isBlank();
      case SWITCH -> text.equals("true") || text.equals("false");
      case WHOLE -> {
        Double number = decimal(text);
        yield number != null
            && number == Math.rint(number)
            && number >= key.least()
            && number <= Integer.MAX_VALUE;
      }
      case DECIMAL -> {
        Double number = decimal(text);
        yield number != null && number >= key.least();
      }
      case DURATION -> nanos(text) != null;
    };
  }

  private Entry entry(ProfileKey key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      throw new IllegalStateException(key.path() + " was not checked");
    }
    return entry;
  }

  private String text(ProfileKey key) {
    return entry(key).text();
  }

  private int whole(ProfileKey key) {
    return (int) number(key);
  }

  /** The number itself, or the nanoseconds of a duration. */
  private double number(ProfileKey key) {
    Double number = key.kind() == ProfileKey.Kind.DURATION ? nanos(text(key)) : decimal(text(key));
    if (number == null) {
      throw new IllegalStateException(key.path() + " was not checked");
    }
    return number;
  }

  private static @Nullable Double nanos(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    double unit =
        switch (matcher.group(2)) {
          case "s" -> 1e9;
          case "ms" -> 1e6;
          case "ns" -> 1;
          default -> 1e3;
        };
    return Double.parseDouble(matcher.group(1)) * unit;
  }

  private static @Nullable Double decimal(String text) {
    if (!text.matches("\\d[\\d_]*(\\.\\d+)?")) {
      return null;
    }
    return Double.valueOf(text.replace("_", ""));
  }
}
