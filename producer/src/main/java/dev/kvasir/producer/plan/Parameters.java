package dev.kvasir.producer.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parameters in a plan's texts, written <code>${name}</code>. */
final class Parameters {

  /** What servers are started with fills its parameters in when they are. */
  private static final String SERVE = "serve";

  private static final Pattern USE = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9._-]*)}");

  private Parameters() {}

  /**
   * A node with the parameters that have a value filled in; others stay as they are. A text that is
   * nothing but a parameter becomes its value, quotes or not.
   */
  static PlanNode fill(PlanNode node, Map<String, String> values) {
    return switch (node) {
      case PlanNode.Scalar(String where, String text, boolean quoted) ->
          new PlanNode.Scalar(where, fill(text, values), quoted && !USE.matcher(text).matches());
      case PlanNode.Items(String where, List<PlanNode> nodes) -> {
        List<PlanNode> filled = new ArrayList<>();
        nodes.forEach(each -> filled.add(fill(each, values)));
        yield new PlanNode.Items(where, filled);
      }
      case PlanNode.Mapping(String where, Map<String, PlanNode.Entry> entries) -> {
        Map<String, PlanNode.Entry> filled = new LinkedHashMap<>();
        entries.forEach((key, entry) ->
            filled.put(
                key,
                key.equals(SERVE)
                    ? entry
                    : new PlanNode.Entry(entry.where(), fill(entry.value(), values))));
        yield new PlanNode.Mapping(where, filled);
      }
    };
  }

  private static String fill(String text, Map<String, String> values) {
    return USE.matcher(text)
        .replaceAll(
            use -> Matcher.quoteReplacement(values.getOrDefault(use.group(1), use.group())));
  }

  /** The parameters that a node names outside of what servers are started with. */
  static Set<String> used(PlanNode node) {
    Set<String> used = new LinkedHashSet<>();
    collect(node, false, used);
    return used;
  }

  /** The parameters that a node names anywhere, and those that servers have a value for. */
  static Set<String> usedWithServers(PlanNode node) {
    Set<String> used = new LinkedHashSet<>();
    collect(node, true, used);
    return used;
  }

  private static void collect(PlanNode node, boolean servers, Set<String> used) {
    switch (node) {
      case PlanNode.Scalar(_, String text, _) ->
          USE.matcher(text).results().map(Parameters::name).forEach(used::add);
      case PlanNode.Items(_, List<PlanNode> nodes) ->
          nodes.forEach(each -> collect(each, servers, used));
      case PlanNode.Mapping(_, Map<String, PlanNode.Entry> entries) ->
          entries.forEach((key, entry) -> {
            if (!key.equals(SERVE)) {
              collect(entry.value(), servers, used);
            } else if (servers) {
              collect(entry.value(), true, used);
              used.addAll(defaults(entry.value()));
            }
          });
    }
  }

  private static String name(MatchResult use) {
    return use.group(1);
  }

  private static Set<String> defaults(PlanNode serve) {
    return serve instanceof PlanNode.Mapping(_, var entries)
            && entries.get("parameters") instanceof PlanNode.Entry(_, PlanNode.Mapping(_, var own))
        ? own.keySet()
        : Set.of();
  }
}
