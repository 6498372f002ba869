package dev.kvasir.producer.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Values that replace those of a plan file. A key is a path such as {@code load.rates} or {@code
 * strategies.NAME.gpus}; a bare name that is no key of a plan is a parameter.
 */
final class Settings {

  private static final String VARY = "vary";

  private final Problems problems;

  Settings(Problems problems) {
    this.problems = problems;
  }

  /** The plan with the values replaced; problems are noted. */
  PlanNode apply(PlanNode root, Map<String, String> settings) {
    PlanNode changed = root;
    for (Map.Entry<String, String> each : settings.entrySet()) {
      String where = "--set " + each.getKey();
      List<String> path = path(each.getKey());
      PlanNode value = value(path, where, each.getValue());
      if (value != null) {
        changed = put(changed, path, value, where);
      }
    }
    return changed;
  }

  /** The plan with one value replaced; problems are noted at {@code where}. */
  PlanNode replace(PlanNode root, String key, PlanNode value, String where) {
    return put(root, path(key), value, where);
  }

  private static List<String> path(String key) {
    List<String> path = List.of(key.split("\\."));
    boolean isParameter = path.size() == 1 && !PlanReader.KEYS.contains(key);
    return isParameter ? List.of(VARY, key) : path;
  }

  /** The value as YAML; commas separate values where a plan takes several. */
  private @Nullable PlanNode value(List<String> path, String where, String text) {
    boolean several = path.getFirst().equals(VARY) || path.getFirst().equals("load");
    boolean listed = several && text.contains(",") && !text.startsWith("[");
    boolean isFlow = text.startsWith("[") || text.startsWith("{");
    if (isFlow || listed) {
      return YamlTree.read(where, listed && !isFlow ? "[" + text + "]" : text, problems);
    }
    return new PlanNode.Scalar(where, text, false);
  }

  private PlanNode put(PlanNode node, List<String> path, PlanNode value, String where) {
    if (path.isEmpty()) {
      return value;
    }
    String key = path.getFirst();
    List<String> rest = path.subList(1, path.size());
    return switch (node) {
      case PlanNode.Mapping mapping -> inMapping(mapping, key, rest, value, where);
      case PlanNode.Items items -> inItems(items, key, rest, value, where);
      case PlanNode.Scalar scalar -> {
        problems.add(
            where, "the plan has %s there".formatted(scalar.describe()), "set that as a whole");
        yield node;
      }
    };
  }

  private PlanNode inMapping(
      PlanNode.Mapping mapping, String key, List<String> rest, PlanNode value, String where) {
    Map<String, PlanNode.Entry> entries = new LinkedHashMap<>(mapping.entries());
    PlanNode.Entry before = entries.get(key);
    PlanNode below =
        before == null ? new PlanNode.Mapping(where, new LinkedHashMap<>()) : before.value();
    entries.put(key, new PlanNode.Entry(where, put(below, rest, value, where)));
    return new PlanNode.Mapping(mapping.where(), entries);
  }

  /** Goes into the item whose name or number is the key. */
  private PlanNode inItems(
      PlanNode.Items items, String key, List<String> rest, PlanNode value, String where) {
    List<PlanNode> changed = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>();
    boolean found = false;
    for (int i = 0; i < items.nodes().size(); i++) {
      PlanNode item = items.nodes().get(i);
      String name = name(item);
      names.add(name.isEmpty() ? Integer.toString(i) : name);
      boolean meant = key.equals(name) || key.equals(Integer.toString(i));
      found |= meant;
      changed.add(meant ? put(item, rest, value, where) : item);
    }
    if (!found) {
      problems.add(
          where, "nothing there is called `%s`".formatted(key), NearestName.hint(key, names));
    }
    return new PlanNode.Items(items.where(), changed);
  }

  private static String name(PlanNode item) {
    return item instanceof PlanNode.Mapping(_, var entries)
            && entries.get("name") instanceof PlanNode.Entry(_, PlanNode.Scalar(_, var name, _))
        ? name
        : "";
  }
}
