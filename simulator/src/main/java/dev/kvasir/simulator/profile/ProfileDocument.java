package dev.kvasir.simulator.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.kvasir.simulator.profile.YamlNode.Scalar;
import dev.kvasir.simulator.profile.YamlNode.Section;
import dev.kvasir.simulator.profile.YamlNode.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one profile file says, key by key, before it is known to make sense.
 *
 * @param bases the profiles that it extends, of which a later one wins
 * @param strategy the strategy that it names, if it does
 * @param entries the keys that it sets itself
 */
record ProfileDocument(
    String file,
    List<Reference> bases,
    @Nullable Reference strategy,
    Map<String, Entry> entries,
    List<String> problems) {

  /** The name of another file. */
  record Reference(String name, int line) {}

  /**
   * @param source where the number comes from, if the file says so
   */
  record Entry(String file, int line, String text, @Nullable String source) {
    String place() {
      return file + ":" + line;
    }
  }

  static ProfileDocument read(String file, String yaml) {
    ProfileDocument document =
        new ProfileDocument(file, List.of(), null, new LinkedHashMap<>(), new ArrayList<>());
    try {
      return document.readRoot(YamlNode.read(yaml));
    } catch (JsonProcessingException e) {
      document.problems.add(
          "%s:%d: %s; expected YAML"
              .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()));
    } catch (IOException e) {
      document.problems.add("%s: %s; expected YAML".formatted(file, e.getMessage()));
    }
    return document;
  }

  private ProfileDocument readRoot(YamlNode root) {
    if (!(root instanceof Section section)) {
      problems.add("%s:%d: found no keys; expected a profile".formatted(file, root.line()));
      return this;
    }
    List<Reference> extended = new ArrayList<>();
    Reference named = null;
    for (Map.Entry<String, YamlNode> entry : section.entries().entrySet()) {
      switch (entry.getKey()) {
        case "extends" -> extended.addAll(references(entry.getValue()));
        case "strategy" -> {
          if (entry.getValue() instanceof Scalar scalar) {
            named = new Reference(scalar.text(), scalar.line());
          } else {
            problem(entry.getValue(), "strategy is no text; expected a strategy's name");
          }
        }
        default -> readEntry("", entry.getKey(), entry.getValue());
      }
    }
    return new ProfileDocument(file, extended, named, entries, problems);
  }

  private List<Reference> references(YamlNode node) {
    if (node instanceof Scalar scalar) {
      return List.of(new Reference(scalar.text(), scalar.line()));
    }
    if (node instanceof Sequence sequence && !sequence.texts().isEmpty()) {
      return sequence.texts().stream().map(text -> new Reference(text, node.line())).toList();
    }
    problem(node, "extends is no text; expected a profile's name or file, or a list of them");
    return List.of();
  }

  private void readEntry(String prefix, String name, YamlNode node) {
    String path = prefix + name;
    ProfileKey key = ProfileKey.named(path);
    if (key != null) {
      readValue(key, node);
      return;
    }
    List<String> siblings = ProfileKey.childrenOf(prefix);
    if (!siblings.contains(name)) {
      problem(node, "%s is not a key; %s".formatted(path, NearestName.hint(name, siblings)));
    } else if (node instanceof Section section) {
      section.entries().forEach((child, value) -> readEntry(path + ".", child, value));
    } else {
      problem(
          node,
          "%s is no section; expected the keys %s"
              .formatted(path, String.join(", ", ProfileKey.childrenOf(path + "."))));
    }
  }

  private void readValue(ProfileKey key, YamlNode node) {
    if (node instanceof Scalar scalar) {
      entries.put(key.path(), new Entry(file, scalar.line(), scalar.text(), null));
      return;
    }
    if (node instanceof Section section
        && List.of("value", "source").containsAll(section.entries().keySet())
        && section.entries().get("value") instanceof Scalar value
        && section.entries().get("source") instanceof Scalar source) {
      entries.put(key.path(), new Entry(file, value.line(), value.text(), source.text()));
      return;
    }
    problem(
        node,
        "%s is neither a value nor {value: …, source: …}; expected %s"
            .formatted(key.path(), key.expected()));
  }

  private void problem(YamlNode node, String text) {
    problems.add("%s:%d: %s".formatted(file, node.line(), text));
  }
}
