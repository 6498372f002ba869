package dev.kvasir.simulator.profile;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.ProfileDocument.Entry;
import dev.kvasir.simulator.profile.ProfileDocument.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Profiles by name, for those that come with Kvasir, or by file. */
public final class Profiles {
  private static final List<String> NAMES =
      List.of(
          "recompute",
          "hbm-prefix",
          "small-hbm",
          "kv-fp8",
          "qwen3-0.6b-l4",
          "qwen3-8b-l4",
          "qwen3-30b-a3b-rtx5090",
          "gpt-oss-120b-offload",
          "deepseek-r1-h200",
          "opt-13b-a100",
          "opt-66b-a100");

  private static final List<String> STRATEGIES =
      List.of(
          "recompute",
          "hbm-prefix",
          "cpu-offload",
          "lmcache-cpu",
          "lmcache-disk",
          "lmcache-gds",
          "hicache",
          "hicache-mooncake",
          "mooncake-store",
          "kv8",
          "kv4",
          "kv2",
          "k8v4",
          "pd-nixl",
          "pd-lmcache");

  private Profiles() {}

  /** The names of the profiles that come with Kvasir. */
  public static List<String> names() {
    return NAMES;
  }

  /** The names of the strategies that a profile can be set to. */
  public static List<String> strategies() {
    return STRATEGIES;
  }

  /** What a strategy does, in one sentence. */
  public static String strategyDescription(String name) {
    ProfileDocument document = bundled("strategies", name, null, STRATEGIES, "strategy");
    Entry description = document.entries().get("description");
    return description == null ? "" : description.text();
  }

  /**
   * Loads a profile.
   *
   * @param nameOrFile one of {@link #names()}, or a path that contains a slash or ends in {@code
   *     .yaml} or {@code .yml}
   * @throws InvalidProfileException if it is unknown, unreadable or wrong
   */
  public static Profile load(String nameOrFile) {
    return load(nameOrFile, Map.of());
  }

  /**
   * Loads a profile with some of its values replaced.
   *
   * @param changes values by key, as in a file; {@code strategy} names a strategy
   * @throws InvalidProfileException if it is unknown, unreadable or wrong
   */
  public static Profile load(String nameOrFile, Map<String, String> changes) {
    return new ProfileBuilder(values(nameOrFile, changes)).build(nameOf(nameOrFile));
  }

  /**
   * What a profile says for a key, as it is written there.
   *
   * @throws InvalidProfileException if the profile is wrong, or has no such key or no value for it
   */
  public static String value(String nameOrFile, Map<String, String> changes, String key) {
    numberKey(key);
    return values(nameOrFile, changes).text(key);
  }

  /** A number with its unit, multiplied. */
  public static String scaled(String key, String text, double factor) {
    ProfileKey.Kind kind = numberKey(key).kind();
    Double number = Quantity.read(kind, text);
    if (number == null) {
      throw new InvalidProfileException(
          List.of("%s is %s; expected a number".formatted(key, text)));
    }
    return Quantity.write(kind, number * factor);
  }

  private static ProfileKey numberKey(String path) {
    ProfileKey key = ProfileKey.named(path);
    if (key == null || !key.kind().isNumber()) {
      throw new InvalidProfileException(
          List.of(
              "%s is not a key that is a number; %s"
                  .formatted(path, NearestName.hint(path, ProfileKeys.BY_PATH.keySet()))));
    }
    return key;
  }

  private static ProfileValues values(String nameOrFile, Map<String, String> changes) {
    Collected collected = new Collected();
    collected.add(document(nameOrFile, null));
    collected.add(changesOf(nameOrFile, changes));
    ProfileValues values =
        new ProfileValues(fileOf(nameOrFile), collected.entries, collected.problems);
    values.check();
    return values;
  }

  /** Gathers documents, the bases of each one first, so that what extends them wins. */
  private static final class Collected {
    final Map<String, Entry> entries = new LinkedHashMap<>();
    final List<String> problems = new ArrayList<>();
    final Set<String> within = new LinkedHashSet<>();

    void add(ProfileDocument document) {
      if (!within.add(document.file())) {
        throw new InvalidProfileException(
            List.of(
                "%s extends itself by way of %s; expected an end"
                    .formatted(document.file(), String.join(", ", within))));
      }
      for (Reference base : document.bases()) {
        add(document(relativeTo(document.file(), base.name()), place(document, base)));
      }
      Reference strategy = document.strategy();
      if (strategy != null) {
        String place = place(document, strategy);
        add(bundled("strategies", strategy.name(), place, STRATEGIES, "strategy"));
      }
      within.remove(document.file());
      document.entries().forEach((path, entry) -> put(document, path, entry));
      problems.addAll(document.problems());
    }

    /** A strategy does not rename the profile. */
    private void put(ProfileDocument document, String path, Entry entry) {
      if (!path.equals("description") || !document.file().startsWith("strategies/")) {
        entries.put(path, entry);
      }
    }

    private static String place(ProfileDocument document, Reference reference) {
      return document.file() + ":" + reference.line();
    }
  }

  private static ProfileDocument changesOf(String nameOrFile, Map<String, String> changes) {
    StringBuilder yaml = new StringBuilder("{");
    Map<String, Map<String, String>> sections = new TreeMap<>();
    changes.forEach((path, text) -> {
      int dot = path.indexOf('.');
      String section = dot < 0 ? "" : path.substring(0, dot);
      sections
          .computeIfAbsent(section, _ -> new TreeMap<>())
          .put(path.substring(dot + 1), '"' + text.replace("\"", "\\\"") + '"');
    });
    sections.forEach((section, values) -> {
      String inside = String.join(", ", values.entrySet().stream().map(Profiles::pair).toList());
      yaml.append(section.isEmpty() ? inside : section + ": {" + inside + "}").append(", ");
    });
    return ProfileDocument.read("changes to " + nameOrFile, yaml.append("}").toString());
  }

  private static String pair(Map.Entry<String, String> entry) {
    return entry.getKey() + ": " + entry.getValue();
  }

  private static ProfileDocument document(String nameOrFile, @Nullable String place) {
    if (!isFile(nameOrFile)) {
      return bundled("profiles", nameOrFile, place, NAMES, "profile");
    }
    try {
      return ProfileDocument.read(nameOrFile, Files.readString(Path.of(nameOrFile)));
    } catch (IOException e) {
      throw unreadable(place, nameOrFile, e);
    }
  }

  private static ProfileDocument bundled(
      String folder, String name, @Nullable String place, List<String> known, String kind) {
    String file = (folder.equals("profiles") ? "" : folder + "/") + name + ".yaml";
    try (InputStream text =
        Profiles.class.getResourceAsStream("/" + folder + "/" + name + ".yaml")) {
      if (text != null) {
        return ProfileDocument.read(file, new String(text.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw unreadable(place, name, e);
    }
    throw new InvalidProfileException(
        List.of(
            "%s%s is not a %s; %s%s"
                .formatted(
                    place == null ? "" : place + ": ",
                    name,
                    kind,
                    NearestName.hint(name, known),
                    kind.equals("profile") ? ", or a path to a YAML file" : "")));
  }

  private static InvalidProfileException unreadable(
      @Nullable String place, String name, IOException cause) {
    return new InvalidProfileException(
        List.of(
            "%sthe profile %s cannot be read (%s); expected a YAML file"
                .formatted(place == null ? "" : place + ": ", name, cause)));
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
