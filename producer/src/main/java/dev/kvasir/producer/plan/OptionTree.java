package dev.kvasir.producer.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns options into the nodes of the plan that they stand for. */
final class OptionTree {

  private static final String COMMAND_LINE = "command line";
  private static final Pattern PAIR = Pattern.compile("(?<key>[^=:]+)[=:] ?(?<value>.*)");
  private static final Set<PlanOption> OPEN =
      Set.of(
          LoadOption.RATE,
          LoadOption.RAMP_FROM,
          LoadOption.RAMP_TO,
          LoadOption.STEPS,
          LoadOption.TRACE_SPEED,
          LoadOption.SCHEDULE);
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("custom", "prompts"),
          Map.entry("random", "synthetic"),
          Map.entry("random-ids", "synthetic"),
          Map.entry("prefix_repetition", "synthetic"),
          Map.entry("generated-shared-prefix", "synthetic"),
          Map.entry("long-doc-qa", "long-documents"),
          Map.entry("timed_trace", "trace"),
          Map.entry("mooncake", "trace"));
  private static final Map<String, String> BACKENDS =
      Map.ofEntries(
          Map.entry("vllm", "openai-completions"),
          Map.entry("openai", "openai-completions"),
          Map.entry("sglang-oai", "openai-completions"),
          Map.entry("vllm-chat", "openai-chat"),
          Map.entry("sglang-oai-chat", "openai-chat"),
          Map.entry("sglang", "sglang-generate"),
          Map.entry("sglang-native", "sglang-generate"));
  private static final Pattern LIMIT = Pattern.compile("(ttft|tpot):(\\d{1,9}(?:\\.\\d{1,6})?)");
  private static final Map<String, String> SECONDS =
      Map.of("1", "s", "1.0", "s", "0.001", "ms", "1e-3", "ms", "0.000001", "us", "1e-6", "us");

  private final Problems problems;
  private final PlanNode.Mapping root = mapping();

  private OptionTree(Problems problems) {
    this.problems = problems;
  }

  static PlanNode of(Map<PlanOption, List<String>> options, Problems problems) {
    OptionTree tree = new OptionTree(problems);
    tree.put("workload", mapping(), COMMAND_LINE);
    tree.put("load", mapping(), COMMAND_LINE);
    commonPrefix(closedWithoutRate(options))
        .forEach((option, values) -> {
          PlanNode node = tree.node(option, values);
          if (node != null) {
            tree.put(option.path(), node, option.flag());
          }
        });
    PlanNode strategy = tree.takeStrategy();
    tree.put("strategies", new PlanNode.Items(strategy.where(), List.of(strategy)), COMMAND_LINE);
    return tree.root;
  }

  /** A cap without a rate is a closed loop, as in vLLM's benchmark. */
  private static Map<PlanOption, List<String>> closedWithoutRate(
      Map<PlanOption, List<String>> options) {
    Map<PlanOption, List<String>> adapted = new LinkedHashMap<>(options);
    List<String> cap = adapted.get(LoadOption.MAX_CONCURRENCY);
    if (cap != null && OPEN.stream().noneMatch(adapted::containsKey)) {
      adapted.remove(LoadOption.MAX_CONCURRENCY);
      adapted.merge(LoadOption.CONCURRENCY, cap, OptionTree::joined);
    }
    return adapted;
  }

  /** A prefix that all prompts share is one group, and comes before the input length. */
  private static Map<PlanOption, List<String>> commonPrefix(Map<PlanOption, List<String>> options) {
    if (options.containsKey(WorkloadOption.COMMON_PREFIX)) {
      List<String> input = options.remove(WorkloadOption.INPUT_LEN);
      if (input != null) {
        options.putIfAbsent(WorkloadOption.SUFFIX_LEN, input);
      }
      options.putIfAbsent(WorkloadOption.PREFIX_GROUPS, List.of("1"));
    }
    return options;
  }

  private static List<String> joined(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private @Nullable PlanNode node(PlanOption option, List<String> values) {
    return switch (option.kind()) {
      case ONE -> one(option, values);
      case FLAG -> scalar(option, "true");
      case NEGATED_FLAG -> scalar(option, "false");
      case LIST ->
          new PlanNode.Items(
              option.flag(),
              values.stream()
                  .flatMap(value -> Stream.of(value.split(",")))
                  .map(value -> scalar(option, value.strip()))
                  .toList());
      case PAIRS -> pairs(option, values);
      case LIMITS -> limits(option, values);
      case YAML -> YamlTree.read(option.flag(), values.getLast(), problems);
    };
  }

  private PlanNode one(PlanOption option, List<String> values) {
    if (values.size() > 1) {
      problems.add(
          option.flag(),
          "%s is given %d times".formatted(option.flag(), values.size()),
          "give it once");
    }
    String value = values.getLast();
    return scalar(
        option,
        switch (option) {
          case StrategyOption.PROTOCOL -> BACKENDS.getOrDefault(value, value);
          case WorkloadOption.DATASET_NAME -> KINDS.getOrDefault(value, value);
          case WorkloadOption.TIME_UNIT -> SECONDS.getOrDefault(value, value);
          default -> value;
        });
  }

  private PlanNode pairs(PlanOption option, List<String> values) {
    Map<String, PlanNode.Entry> entries = new LinkedHashMap<>();
    for (String value : values) {
      Matcher pair = PAIR.matcher(value);
      if (!pair.matches()) {
        problems.add(
            option.flag(),
            option == StrategyOption.HEADER
                ? "%s is no pair".formatted(option.flag())
                : "%s is %s".formatted(option.flag(), value),
            "it must be " + option.valueLabel());
        continue;
      }
      PlanNode node = scalar(option, pair.group("value"));
      entries.put(pair.group("key").strip(), new PlanNode.Entry(option.flag(), node));
    }
    return new PlanNode.Mapping(option.flag(), entries);
  }

  private PlanNode limits(PlanOption option, List<String> values) {
    PlanNode.Mapping limits = mapping();
    for (String value : String.join(" ", values).strip().split("\\s+", -1)) {
      Matcher limit = LIMIT.matcher(value);
      if (limit.matches()) {
        limits
            .entries()
            .put(
                limit.group(1),
                new PlanNode.Entry(option.flag(), scalar(option, limit.group(2) + "ms")));
      } else {
        problems.add(
            option.flag(),
            "%s is %s".formatted(option.flag(), value),
            "it must be ttft:MS, tpot:MS or both, in milliseconds; other metrics have no limit");
      }
    }
    return limits;
  }

  /** Puts a node at a path such as {@code slo.ttft}, making the sections on the way. */
  private void put(String path, PlanNode node, String where) {
    List<String> keys = new ArrayList<>(List.of(path.split("\\.")));
    String last = keys.removeLast();
    PlanNode.Mapping section = root;
    for (String key : keys) {
      PlanNode.Entry below =
          section.entries().computeIfAbsent(key, _ -> new PlanNode.Entry(COMMAND_LINE, mapping()));
      section = (PlanNode.Mapping) below.value();
    }
    PlanNode.Entry before = section.entries().get(last);
    if (before != null
        && before.value() instanceof PlanNode.Mapping(_, var entries)
        && node instanceof PlanNode.Mapping(_, var more)) {
      more.forEach(entries::putIfAbsent);
      return;
    }
    section.entries().put(last, new PlanNode.Entry(where, node));
  }

  private PlanNode takeStrategy() {
    PlanNode.Entry strategy = root.entries().remove("strategies[0]");
    return strategy == null ? mapping() : strategy.value();
  }

  private static PlanNode.Mapping mapping() {
    return new PlanNode.Mapping(COMMAND_LINE, new LinkedHashMap<>());
  }

  private static PlanNode scalar(PlanOption option, String text) {
    return new PlanNode.Scalar(option.flag(), text, false);
  }
}
