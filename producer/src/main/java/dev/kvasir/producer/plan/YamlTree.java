package dev.kvasir.producer.plan;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Turns YAML into plan nodes that know their lines. */
final class YamlTree {

  private static final int DEEPEST = 20;

  private final String name;
  private final Problems problems;
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlTree(String name, Problems problems) {
    this.name = name;
    this.problems = problems;
  }

  /** The tree; null, with a problem noted, when the text is not YAML or is empty. */
  static @Nullable PlanNode read(String name, String text, Problems problems) {
    try {
      Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
      if (root == null) {
        problems.add(name + ":1", "the plan is empty", "start from one of the examples");
        return null;
      }
      return new YamlTree(name, problems).node(root, 0);
    } catch (MarkedYAMLException broken) {
      Mark mark = broken.getProblemMark();
      problems.add(
          "%s:%d".formatted(name, mark == null ? 1 : mark.getLine() + 1),
          "not YAML: " + broken.getProblem(),
          "correct the text; mind indentation and quotes");
      return null;
    } catch (YAMLException broken) {
      problems.add(name + ":1", "not YAML: " + broken.getMessage(), "correct the text");
      return null;
    }
  }

  private PlanNode node(Node node, int depth) {
    if (depth > DEEPEST) {
      return refused(node, "the plan is nested too deeply", "use at most 20 levels");
    }
    if (!open.add(node)) {
      return refused(node, "an anchor holds an alias of itself", "write the value out");
    }
    PlanNode plan = below(node, depth);
    open.remove(node);
    return plan;
  }

  private PlanNode refused(Node node, String what, String expected) {
    problems.add(where(node), what, expected);
    return new PlanNode.Scalar(where(node), "", false);
  }

  private PlanNode below(Node node, int depth) {
    String where = where(node);
    return switch (node) {
      case ScalarNode scalar ->
          new PlanNode.Scalar(
              where, scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN);
      case SequenceNode sequence -> {
        List<PlanNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(node(item, depth + 1));
        }
        yield new PlanNode.Items(where, items);
      }
      case MappingNode mapping -> mapping(mapping, where, depth);
      default -> throw new IllegalStateException("a YAML node of " + node.getClass());
    };
  }

  private PlanNode mapping(MappingNode mapping, String where, int depth) {
    Map<String, PlanNode.Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      if (!(key instanceof ScalarNode scalar)) {
        problems.add(where(key), "a key is not a text", "write `key: value`");
        continue;
      }
      PlanNode value = node(tuple.getValueNode(), depth + 1);
      PlanNode.Entry before =
          entries.putIfAbsent(scalar.getValue(), new PlanNode.Entry(where(key), value));
      if (before != null) {
        problems.add(
            where(key),
            "`%s` is given twice".formatted(scalar.getValue()),
            "keep this one or that of " + before.where());
      }
    }
    return new PlanNode.Mapping(where, entries);
  }

  private String where(Node node) {
    return "%s:%d".formatted(name, node.getStartMark().getLine() + 1);
  }
}
