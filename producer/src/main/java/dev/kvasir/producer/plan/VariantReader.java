package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.Datasets;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a plan varies, and its model, workload and strategies once for each combination of
 * values. A strategy comes once for each combination of the parameters that matter to it.
 */
final class VariantReader {

  private static final int MOST = 10_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");
  private static final List<String> TEMPLATES = List.of("model", "workload", "strategies");
  private static final Value<String> ONE =
      new Value<>("a single value", text -> text.isBlank() ? null : text);

  private final Section root;
  private final PlanNode node;
  private final Set<String> profiles;
  private final Datasets datasets;
  private final Problems problems;
  private @Nullable WorkloadSpec first;

  VariantReader(
      Section root, PlanNode node, Set<String> profiles, Datasets datasets, Problems problems) {
    this.root = root;
    this.node = node;
    this.profiles = profiles;
    this.datasets = datasets;
    this.problems = problems;
  }

  /** What is varied. */
  Varied varied() {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    Section vary = root.section("vary", root.entries("vary").keySet());
    if (vary == null) {
      return Varied.NOTHING;
    }
    Set<String> used = used();
    for (String name : root.entries("vary").keySet()) {
      if (!NAME.matcher(name).matches()) {
        vary.add(
            name,
            "`%s` cannot name a parameter".formatted(name),
            "use letters, digits, dots, underscores and dashes, a letter first");
      } else if (!used.contains(name)) {
        vary.add(
            name,
            "nothing in model, workload and strategies names the parameter ${%s}".formatted(name),
            used.isEmpty() ? "write it where it matters" : NearestName.hint(name, used));
      }
      parameters.put(name, distinct(vary, name));
    }
    long combinations =
        parameters.values().stream().mapToLong(List::size).reduce(1, (a, b) -> a * Math.max(1, b));
    if (combinations > MOST) {
      root.add("vary", combinations + " combinations are varied", "vary at most 10,000");
      return Varied.NOTHING;
    }
    return new Varied(parameters, PlanTemplate.of(root, TEMPLATES, datasets));
  }

  private static List<String> distinct(Section vary, String name) {
    List<String> values = vary.values(name, ONE);
    if (new LinkedHashSet<>(values).size() < values.size()) {
      vary.add(name, "%s has a value twice".formatted(vary.name(name)), "give each once");
    }
    return values;
  }

  private Set<String> used() {
    Set<String> used = new TreeSet<>();
    for (String key : TEMPLATES) {
      PlanNode template = root.node(key);
      if (template != null) {
        used.addAll(Parameters.usedWithServers(template));
      }
    }
    return used;
  }

  /** The strategies with every combination of what matters to them, strategy by strategy. */
  List<Variant> variants(Varied varied) {
    Map<String, Map<Map<String, String>, Variant>> byStrategy = new LinkedHashMap<>();
    for (Map<String, String> values : combinations(varied)) {
      for (Variant variant : variants(values)) {
        byStrategy
            .computeIfAbsent(variant.strategy().name(), _ -> new LinkedHashMap<>())
            .putIfAbsent(variant.parameters(), variant);
      }
    }
    return byStrategy.values().stream().flatMap(each -> each.values().stream()).toList();
  }

  private static List<Map<String, String>> combinations(Varied varied) {
    List<Map<String, String>> combinations = List.of(Map.of());
    for (Map.Entry<String, List<String>> parameter : varied.parameters().entrySet()) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> before : combinations) {
        for (String value : parameter.getValue()) {
          Map<String, String> values = new LinkedHashMap<>(before);
          values.put(parameter.getKey(), value);
          longer.add(values);
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  private List<Variant> variants(Map<String, String> values) {
    Section filled = Section.of("", Parameters.fill(node, values), PlanReader.KEYS, problems);
    String model = filled.value("model", Value.TEXT);
    WorkloadSpec workload = workload(filled);
    List<Strategy> strategies =
        new StrategyReader(model, values, profiles, datasets, problems).read(filled);
    if (workload == null || !problems.isEmpty()) {
      return List.of();
    }
    first = first == null ? workload : first;
    List<Variant> variants = new ArrayList<>();
    for (int i = 0; i < strategies.size(); i++) {
      Variant variant =
          variant(strategies.get(i), root.items("strategies").get(i), values, workload);
      variants.addAll(filling(variant));
    }
    return variants;
  }

  /** What the plan says that is sent, at the first combination; null when a problem was noted. */
  @Nullable WorkloadSpec workload() {
    return first;
  }

  /** The variant once for each amount of KV cache that its workload is to fill. */
  private static List<Variant> filling(Variant variant) {
    WorkloadSpec workload = variant.workload();
    if (workload.kvPoints().isEmpty()) {
      return List.of(variant);
    }
    return workload.kvPoints().stream().map(variant::filling).toList();
  }

  private Variant variant(
      Strategy strategy, PlanNode template, Map<String, String> values, WorkloadSpec workload) {
    Set<String> server = new LinkedHashSet<>(Parameters.used(template));
    boolean hasModel =
        template instanceof PlanNode.Mapping(_, var entries) && entries.containsKey("model");
    if (!hasModel) {
      server.addAll(used("model"));
    }
    Set<String> matter = new LinkedHashSet<>(Parameters.usedWithServers(template));
    matter.addAll(server);
    matter.addAll(used("workload"));
    Map<String, String> own = only(values, server);
    return new Variant(strategy, only(values, matter), workload, strategy.name() + suffix(own));
  }

  private Set<String> used(String key) {
    PlanNode template = root.node(key);
    return template == null ? Set.of() : Parameters.used(template);
  }

  private static Map<String, String> only(Map<String, String> values, Set<String> names) {
    Map<String, String> kept = new LinkedHashMap<>(values);
    kept.keySet().retainAll(names);
    return kept;
  }

  private static String suffix(Map<String, String> values) {
    return values.entrySet().stream()
        .map(each -> "-" + each.getKey() + "=" + each.getValue())
        .map(text -> text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.=_-]", "-"))
        .collect(Collectors.joining());
  }

  private @Nullable WorkloadSpec workload(Section filled) {
    Section workload = filled.section("workload", WorkloadReader.KEYS);
    if (workload == null) {
      filled.add(
          "workload", "the workload is missing", "say what to send: a file, or input-tokens");
      return null;
    }
    return WorkloadReader.read(workload, datasets);
  }
}
