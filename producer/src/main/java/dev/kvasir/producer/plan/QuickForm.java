package dev.kvasir.producer.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The short form of a plan: values under {@code quick}, by the keys that {@code --set} takes, that
 * replace the plan's own. It is an experiment of its own, so that its runs join no long ones.
 */
final class QuickForm {

  static final String KEY = "quick";

  private static final String EXPERIMENT = "experiment";

  private final Problems problems;

  QuickForm(Problems problems) {
    this.problems = problems;
  }

  /** The plan without the key, in its short form if that is wanted; problems are noted. */
  PlanNode apply(PlanNode root, boolean wanted) {
    if (!(root instanceof PlanNode.Mapping plan)) {
      return root;
    }
    PlanNode.Entry quick = plan.entries().get(KEY);
    if (quick == null) {
      if (wanted) {
        problems.add(
            plan.where(), "the plan has no short form", "give it one under `quick`, or no --quick");
      }
      return root;
    }
    Map<String, PlanNode.Entry> others = new LinkedHashMap<>(plan.entries());
    others.remove(KEY);
    PlanNode whole = new PlanNode.Mapping(plan.where(), others);
    PlanNode shortened = shortened(whole, quick);
    return wanted ? renamed(shortened) : whole;
  }

  private PlanNode shortened(PlanNode plan, PlanNode.Entry quick) {
    if (!(quick.value() instanceof PlanNode.Mapping values) || values.entries().isEmpty()) {
      problems.add(
          quick.where(),
          "quick is %s".formatted(quick.value().describe()),
          "it must be a mapping of keys such as `load.rates` to values");
      return plan;
    }
    Settings settings = new Settings(problems);
    PlanNode changed = plan;
    for (Map.Entry<String, PlanNode.Entry> each : values.entries().entrySet()) {
      PlanNode.Entry value = each.getValue();
      changed = settings.replace(changed, each.getKey(), value.value(), value.where());
    }
    return changed;
  }

  private static PlanNode renamed(PlanNode plan) {
    if (!(plan instanceof PlanNode.Mapping mapping)
        || !(mapping.entries().get(EXPERIMENT) instanceof PlanNode.Entry(String where, var name))
        || !(name instanceof PlanNode.Scalar(String place, String text, boolean quoted))) {
      return plan;
    }
    Map<String, PlanNode.Entry> entries = new LinkedHashMap<>(mapping.entries());
    PlanNode renamed = new PlanNode.Scalar(place, text + "-" + KEY, quoted);
    entries.put(EXPERIMENT, new PlanNode.Entry(where, renamed));
    return new PlanNode.Mapping(mapping.where(), entries);
  }
}
