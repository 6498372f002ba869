package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an experiment must have before its numbers are worth publishing. */
public final class PublishableRules {

  private static final int FEWEST_PROMPTS = 1000;
  private static final int FEWEST_REPEATS = 3;

  private PublishableRules() {}

  /** Each rule that the plan misses, as a line of text; empty when it misses none. */
  public static List<String> missedBy(Plan plan) {
    List<String> missed = new ArrayList<>();
    int prompts =
        loads(plan).stream()
            .flatMap(load -> plan.variants().stream().map(variant -> plan.prompts(variant, load)))
            .min(Comparator.naturalOrder())
            .orElse(0);
    if (prompts < FEWEST_PROMPTS && plan.workload().reason() == null) {
      missed.add(
          "at least 1,000 prompts in each run, or workload.reason says why %d are enough"
              .formatted(prompts));
    }
    if (plan.loads().size() == 1) {
      missed.add("several load points; there is only " + plan.loads().getFirst().text());
    }
    addFixedOutput(plan, missed);
    if (plan.repeats() < FEWEST_REPEATS) {
      missed.add("at least 3 repeats; there are " + plan.repeats());
    }
    if (plan.warmUpRequests() == 0) {
      missed.add("a warm-up; warm-up.requests is 0");
    }
    addDifference(plan, missed, "models", Strategy::model);
    addDifference(plan, missed, "protocols", strategy -> strategy.protocol().text());
    addDifference(
        plan, missed, "numbers of GPUs", strategy -> Objects.toString(strategy.gpus(), "unknown"));
    addDifference(
        plan,
        missed,
        "request bodies",
        strategy -> PlanText.withoutSecrets(strategy.body()).toString());
    addDifference(plan, missed, "kinds of server", PublishableRules::kindOfServer);
    return missed;
  }

  private static List<LoadPoint> loads(Plan plan) {
    Search search = plan.search();
    return search == null ? plan.loads() : List.of(search.at(search.settings().from()));
  }

  private static void addFixedOutput(Plan plan, List<String> missed) {
    if (plan.workload().fixedOutputTokens() == null) {
      missed.add("one output length for all requests; workload.output-tokens does not fix it");
      return;
    }
    if (!plan.workload().ignoreEos()) {
      missed.add("a fixed output length; without workload.ignore-eos a server may stop earlier");
    }
  }

  private static void addDifference(
      Plan plan, List<String> missed, String what, Function<Strategy, String> aspect) {
    Map<String, List<String>> strategies = new LinkedHashMap<>();
    for (Strategy strategy : plan.strategies()) {
      strategies
          .computeIfAbsent(aspect.apply(strategy), _ -> new ArrayList<>())
          .add(strategy.name());
    }
    if (strategies.size() > 1) {
      missed.add(
          strategies.entrySet().stream()
              .map(
                  entry -> "%s (%s)".formatted(entry.getKey(), String.join(", ", entry.getValue())))
              .collect(
                  Collectors.joining(
                      " and ", "everything but the strategy equal; the " + what + " are ", "")));
    }
  }

  private static String kindOfServer(Strategy strategy) {
    return switch (strategy.target()) {
      case Target.Remote _, Target.Served _ -> "real";
      case Target.Simulated _ -> "simulated";
    };
  }
}
