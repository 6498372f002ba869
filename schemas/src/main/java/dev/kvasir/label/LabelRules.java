package dev.kvasir.label;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The rules and the words of a rules file.
 *
 * @param flags names of command line flags by their short names
 * @param media what each memory tier is called, in the order of their distance
 * @param connectors short names of connectors
 * @param transfers tiers that KV passes through and is not kept in
 * @param rules in the order in which they apply
 */
record LabelRules(
    Map<String, String> flags,
    Map<String, Medium> media,
    Map<String, String> connectors,
    Set<String> transfers,
    List<LabelRule> rules) {

  private static final String RESOURCE = "label-rules.yaml";
  private static final Set<String> KEYS =
      Set.of("rule", "when", "set", "copy", "tiers", "transport", "bytes");

  /**
   * What a tier is called.
   *
   * @param word in the label {@code medium}
   * @param shown in the short label
   */
  record Medium(String word, String shown) {}

  /** The rules that come with Kvasir. */
  static LabelRules load() {
    try (InputStream resource = LabelRules.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is not on the class path");
      }
      return read(new Yaml(new SafeConstructor(new LoaderOptions())).load(resource));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE + " cannot be read", e);
    }
  }

  private static LabelRules read(Map<String, Object> file) {
    Map<String, Medium> media = new LinkedHashMap<>();
    texts(file.get("media"))
        .forEach((tier, words) -> {
          String[] both = words.split(" ", 2);
          media.put(tier, new Medium(both[0], both[1]));
        });
    List<LabelRule> rules = new ArrayList<>();
    for (Object each : (List<?>) file.getOrDefault("rules", List.of())) {
      rules.add(rule((Map<?, ?>) each));
    }
    return new LabelRules(
        texts(file.get("flags")),
        media,
        texts(file.get("connectors")),
        Set.copyOf(list(file.get("transfers"))),
        List.copyOf(rules));
  }

  private static LabelRule rule(Map<?, ?> rule) {
    String name = String.valueOf(rule.get("rule"));
    rule.keySet().stream()
        .filter(key -> !KEYS.contains(String.valueOf(key)))
        .findFirst()
        .ifPresent(key -> {
          throw new IllegalArgumentException(
              "rule " + name + " has the key " + key + "; it may have " + KEYS);
        });
    Map<String, Quantity> quantities = new LinkedHashMap<>();
    texts(rule.get("bytes")).forEach((label, text) -> quantities.put(label, Quantity.of(text)));
    return new LabelRule(
        name,
        conditions(rule.get("when")),
        texts(rule.get("set")),
        texts(rule.get("copy")),
        list(rule.get("tiers")),
        list(rule.get("transport")),
        quantities);
  }

  private static List<LabelRule.Condition> conditions(@Nullable Object when) {
    List<LabelRule.Condition> conditions = new ArrayList<>();
    if (when instanceof Map<?, ?> map) {
      map.forEach((name, value) ->
          conditions.add(condition(String.valueOf(name), value == null ? null : value.toString())));
    }
    return conditions;
  }

  /** A value of null says that there must be no such fact. */
  private static LabelRule.Condition condition(String name, @Nullable String value) {
    Pattern names =
        Pattern.compile(
            Arrays.stream(name.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
    Pattern values =
        Pattern.compile(value == null ? ".*" : value, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    return new LabelRule.Condition(name, names, values, value == null);
  }

  private static Map<String, String> texts(@Nullable Object node) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (node instanceof Map<?, ?> map) {
      map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    }
    return texts;
  }

  private static List<String> list(@Nullable Object node) {
    return node instanceof List<?> items ? items.stream().map(String::valueOf).toList() : List.of();
  }
}
