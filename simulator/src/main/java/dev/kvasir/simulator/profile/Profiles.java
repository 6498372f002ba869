package dev.kvasir.simulator.profile;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.ProfileDocument.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Profiles by name, for those that come with Kvasir, or by file. */
public final class Profiles {
  private static final List<String> NAMES =
      List.of("recompute", "hbm-prefix", "small-hbm", "kv-fp8");

  private Profiles() {}

  /** The names of the profiles that come with Kvasir. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * Loads a profile.
   *
   * @param nameOrFile one of {@link #names()}, or a path that contains a slash or ends in {@code
   *     .yaml} or {@code .yml}
   * @throws InvalidProfileException if it is unknown, unreadable or wrong
   */
  public static Profile load(String nameOrFile) {
    List<String> problems = new ArrayList<>();
    Map<ProfileKey, Entry> entries = new EnumMap<>(ProfileKey.class);
    ProfileDocument document = ProfileDocument.read(fileOf(nameOrFile), textOf(nameOrFile, null));
    collect(document, entries, problems, new LinkedHashSet<>());
    return new ProfileValues(document.file(), entries, problems).profile(nameOf(nameOrFile));
  }

  /** Collects the bases first, so that what extends them wins. */
  private static void collect(
      ProfileDocument document,
      Map<ProfileKey, Entry> entries,
      List<String> problems,
      Set<String> seen) {
    ProfileDocument.Base base = document.base();
    if (!seen.add(document.file())) {
      throw new InvalidProfileException(
          List.of(
              "%s extends itself by way of %s; expected an end"
                  .formatted(document.file(), String.join(", ", seen))));
    }
    if (base != null) {
      String place = document.file() + ":" + base.line();
      String reference = relativeTo(document.file(), base.name());
      collect(
          ProfileDocument.read(fileOf(reference), textOf(reference, place)),
          entries,
          problems,
          seen);
    }
    entries.putAll(document.entries());
    problems.addAll(document.problems());
  }

  private static String textOf(String nameOrFile, @Nullable String place) {
    String prefix = place == null ? "" : place + ": ";
    try {
      if (isFile(nameOrFile)) {
        return Files.readString(Path.of(nameOrFile));
      }
      try (InputStream bundled =
          Profiles.class.getResourceAsStream("/profiles/" + nameOrFile + ".yaml")) {
        if (bundled != null) {
          return new String(bundled.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    } catch (IOException e) {
      throw new InvalidProfileException(
          List.of(
              "%sthe profile %s cannot be read (%s); expected a YAML file"
                  .formatted(prefix, nameOrFile, e)));
    }
    throw new InvalidProfileException(
        List.of(
            "%s%s is not a profile; %s, or a path to a YAML file"
                .formatted(prefix, nameOrFile, NearestName.hint(nameOrFile, NAMES))));
  }

  private static boolean isFile(String nameOrFile) {
    return nameOrFile.contains("/") || nameOrFile.endsWith(".yaml") || nameOrFile.endsWith(".yml");
  }

  private static String fileOf(String nameOrFile) {
    return isFile(nameOrFile) ? nameOrFile : nameOrFile + ".yaml";
  }

  private static String nameOf(String nameOrFile) {
    Path file = Path.of(nameOrFile).getFileName();
    return (file == null ? nameOrFile : file.toString()).replaceFirst("\\.ya?ml$", "");
  }

  private static String relativeTo(String file, String reference) {
    return isFile(reference) ? Path.of(file).resolveSibling(reference).toString() : reference;
  }
}
