package dev.kvasir.producer.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A mapping of a plan with the keys that it may have. Notes a problem and goes on. */
final class Section {

  private final String path;
  private final PlanNode.Mapping mapping;
  private final Problems problems;

  private Section(String path, PlanNode.Mapping mapping, Problems problems) {
    this.path = path;
    this.mapping = mapping;
    this.problems = problems;
  }

  /** The root of a plan; not a mapping is a problem, and then read as an empty one. */
  static Section of(String path, PlanNode node, Collection<String> known, Problems problems) {
    if (!(node instanceof PlanNode.Mapping mapping)) {
      problems.add(
          node.where(),
          "%s is %s".formatted(path.isEmpty() ? "the plan" : problems.name(path), node.describe()),
          "it must be a mapping with the keys " + String.join(", ", known));
      return new Section(path, new PlanNode.Mapping(node.where(), Map.of()), problems);
    }
    Section section = new Section(path, mapping, problems);
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            section.refuse(entry.where(), key, NearestName.hint(key, known));
          }
        });
    return section;
  }

  private void refuse(String where, String key, String expected) {
    String of = path.isEmpty() ? "a plan" : problems.name(path);
    problems.add(where, "`%s` is not a key of %s".formatted(key, of), expected);
  }

  String where() {
    return mapping.where();
  }

  /** Where the key stands, or the section when it is not there. */
  String where(String key) {
    PlanNode.Entry entry = mapping.entries().get(key);
    return entry == null ? mapping.where() : entry.where();
  }

  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  /** What the author calls the key. */
  String name(String key) {
    return problems.name(path(key));
  }

  /** The path of a key in the plan. */
  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  void add(String key, String what, String expected) {
    problems.add(where(key), what, expected);
  }

  /** Notes that a key is there and must not be. */
  void refuse(String key, String why) {
    if (has(key)) {
      add(key, "%s is given".formatted(name(key)), why);
    }
  }

  @Nullable PlanNode node(String key) {
    PlanNode.Entry entry = mapping.entries().get(key);
    return entry == null ? null : entry.value();
  }

  /** The value; null when it is not given or is wrong. */
  <T> @Nullable T value(String key, Value<T> kind) {
    PlanNode node = node(key);
    return node == null ? null : read(name(key), where(key), node, kind);
  }

  /** The value, or another one when it is not given or is wrong. */
  <T> T valueOr(String key, Value<T> kind, T otherwise) {
    T value = value(key, kind);
    return value == null ? otherwise : value;
  }

  /** The value; null, with a problem noted, when it is not given or is wrong. */
  <T> @Nullable T required(String key, Value<T> kind) {
    if (!has(key)) {
      add(key, name(key) + " is missing", "give " + kind.expected());
      return null;
    }
    return value(key, kind);
  }

  /** The values of a list, or a single one; those that are wrong are left out. */
  <T> List<T> values(String key, Value<T> kind) {
    PlanNode node = node(key);
    if (node == null) {
      return List.of();
    }
    List<T> values = new ArrayList<>();
    List<PlanNode> nodes = node instanceof PlanNode.Items(_, var items) ? items : List.of(node);
    if (nodes.isEmpty()) {
      add(key, name(key) + " is an empty list", "give at least one value: " + kind.expected());
    }
    for (PlanNode item : nodes) {
      T value = read(name(key), item.where(), item, kind);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** A section below this one; null when it is not given. */
  @Nullable Section section(String key, Collection<String> known) {
    PlanNode node = node(key);
    return node == null ? null : of(path(key), node, known, problems);
  }

  /** The items of a list; none, with a problem noted, when it is something else. */
  List<PlanNode> items(String key) {
    PlanNode node = node(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof PlanNode.Items(_, var items)) {
      return items;
    }
    add(key, "%s is %s".formatted(name(key), node.describe()), "it must be a list");
    return List.of();
  }

  /** Keys and values of the author's own choice. */
  Map<String, String> texts(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    entries(key)
        .forEach((name, entry) -> {
          if (entry.value() instanceof PlanNode.Scalar(_, String text, _)) {
            texts.put(name, text);
            return;
          }
          problems.add(
              entry.where(),
              "%s is %s".formatted(name(key) + "." + name, entry.value().describe()),
              "it must be a single value");
        });
    return texts;
  }

  /** The entries of a mapping with keys of the author's own choice. */
  Map<String, PlanNode.Entry> entries(String key) {
    PlanNode node = node(key);
    if (node == null) {
      return Map.of();
    }
    if (node instanceof PlanNode.Mapping(_, var entries)) {
      return entries;
    }
    add(key, "%s is %s".formatted(name(key), node.describe()), "it must be a mapping of names");
    return Map.of();
  }

  private <T> @Nullable T read(String name, String where, PlanNode node, Value<T> kind) {
    T value = node instanceof PlanNode.Scalar(_, String text, _) ? kind.parser().apply(text) : null;
    if (value == null) {
      String found = kind.shown().apply(node.describe());
      problems.add(where, "%s is %s".formatted(name, found), "it must be " + kind.expected());
    }
    return value;
  }
}
