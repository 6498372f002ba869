package dev.kvasir.label;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names and values that rules ask for: {@code process}, {@code program}, {@code flag.NAME}, {@code
 * env.NAME}, {@code param.NAME}, and of the connector at hand {@code kv.NAME}. A value that is a
 * JSON object is there by its leaves too: {@code flag.kv-transfer-config.kv_role}.
 */
final class Facts {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern FLAG = Pattern.compile("--?[A-Za-z][\\w.-]*(=.*)?", Pattern.DOTALL);
  private static final String CONNECTOR = "flag.kv-transfer-config";
  private static final String EXTRA = "kv_connector_extra_config";

  private final Map<String, String> values;

  private Facts(Map<String, String> values) {
    this.values = values;
  }

  /**
   * The facts of one process.
   *
   * @param aliases names of flags by their short names
   */
  static Facts of(
      LaunchFacts.Launched process, Map<String, String> parameters, Map<String, String> aliases) {
    Facts facts = new Facts(new LinkedHashMap<>());
    facts.values.put("process", process.name());
    Map<String, String> environment = new LinkedHashMap<>(process.environment());
    List<String> words = words(process.command(), environment);
    facts.values.put("program", programOf(words));
    facts.flags(words, aliases);
    environment.forEach((name, value) -> facts.put("env." + name, value));
    parameters.forEach((name, value) -> facts.put("param." + name.replace('-', '_'), value));
    return facts;
  }

  /** The words behind the assignments, which go into the environment. */
  private static List<String> words(List<String> command, Map<String, String> environment) {
    List<String> words =
        command.size() == 1 ? ShellWords.split(command.getFirst()) : new ArrayList<>(command);
    int first = 0;
    while (first < words.size() && ShellWords.assign(words.get(first), environment)) {
      first++;
    }
    return words.subList(first, words.size());
  }

  /** The words before the first flag. */
  private static String programOf(List<String> words) {
    return String.join(
        " ",
        words.stream()
            .takeWhile(word -> !FLAG.matcher(word).matches() || word.equals("-m"))
            .toList());
  }

  private void flags(List<String> words, Map<String, String> aliases) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!FLAG.matcher(word).matches()) {
        continue;
      }
      int equals = word.indexOf('=');
      String spelled = (equals < 0 ? word : word.substring(0, equals)).replaceFirst("^--?", "");
      String name = spelled.replace('_', '-');
      boolean hasNext = i + 1 < words.size() && !FLAG.matcher(words.get(i + 1)).matches();
      String value = equals >= 0 ? word.substring(equals + 1) : hasNext ? words.get(i + 1) : "true";
      put("flag." + aliases.getOrDefault(name, name), value);
    }
  }

  private void put(String name, String value) {
    values.put(name, value);
    if (!value.startsWith("{")) {
      return;
    }
    try {
      flatten(name, JSON.readTree(value), values);
    } catch (JacksonException e) {
      values.put("unreadable", name);
    }
  }

  private static void flatten(String name, JsonNode node, Map<String, String> target) {
    if (node.isObject()) {
      node.properties()
          .forEach(field -> flatten(name + "." + field.getKey(), field.getValue(), target));
      return;
    }
    target.put(name, node.isValueNode() ? node.asText() : node.toString());
  }

  /** The same facts once for each connector: those inside a MultiConnector one by one. */
  List<Facts> byConnector() {
    String config = values.get(CONNECTOR);
    if (config == null || !values.containsKey(CONNECTOR + ".kv_connector")) {
      return List.of(this);
    }
    List<Facts> each = new ArrayList<>();
    try {
      addConnectors(JSON.readTree(config), each);
    } catch (JacksonException e) {
      throw new IllegalStateException("read before and unreadable now: " + config, e);
    }
    return each;
  }

  private void addConnectors(JsonNode connector, List<Facts> each) {
    JsonNode inner = connector.path(EXTRA).path("connectors");
    if (connector.path("kv_connector").asText().equals("MultiConnector") && inner.isArray()) {
      inner.forEach(one -> addConnectors(one, each));
      return;
    }
    Map<String, String> scoped = new LinkedHashMap<>(values);
    connector
        .properties()
        .forEach(field -> {
          String name = field.getKey().equals(EXTRA) ? "extra" : field.getKey();
          flatten("kv." + name.replaceFirst("^kv_", ""), field.getValue(), scoped);
        });
    each.add(new Facts(scoped));
  }

  @Nullable String get(String name) {
    return values.get(name);
  }

  /** Whether some fact whose name fits has a value that fits. */
  boolean any(Pattern name, Pattern value) {
    return values.entrySet().stream()
        .anyMatch(fact ->
            name.matcher(fact.getKey()).matches() && value.matcher(fact.getValue()).matches());
  }
}
