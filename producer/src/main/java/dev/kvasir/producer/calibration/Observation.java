package dev.kvasir.producer.calibration;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.plan.CachePolicy;
import dev.kvasir.producer.plan.CacheReset;
import dev.kvasir.producer.plan.CellPrompts;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunOrder;
import dev.kvasir.producer.plan.Search;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.plan.Variant;
import dev.kvasir.producer.plan.Varied;
import java.util.List;
import java.util.Map;

/**
 * What a plan becomes to find out what observing a run costs: pairs of runs of its first cell with
 * the same prompts at the same times, of which one publishes its events as they come and one holds
 * them back until its load has ended.
 */
public final class Observation {

  /** Name of the strategy whose events are published as they come. */
  public static final String OBSERVED = "observed";

  /** Name of the strategy whose events are held back. */
  public static final String HELD_BACK = "held-back";

  private Observation() {}

  /** The plan of so many pairs; every other one begins with the run that is held back. */
  public static Plan of(Plan plan, int pairs) {
    Variant first = plan.variants().getFirst();
    LoadPoint load = load(plan);
    Integer prompts = plan.promptsAt().of(first, load);
    return new Plan(
        plan.experiment() + "-observer",
        plan.seed(),
        pairs,
        RunOrder.ALTERNATING,
        plan.objective(),
        new Varied(Map.of(), Map.of()),
        first.workload(),
        List.of(named(first, OBSERVED), named(first, HELD_BACK)),
        List.of(load),
        plan.play(),
        prompts == null ? CellPrompts.NONE : CellPrompts.at(load, prompts),
        null,
        plan.warmUpRequests(),
        plan.stop(),
        plan.timeout(),
        plan.recordText(),
        List.of(),
        cold(plan.cache(), first.strategy()),
        plan.thresholds());
  }

  private static LoadPoint load(Plan plan) {
    Search search = plan.search();
    return search == null ? plan.loads().getFirst() : search.at(search.settings().from());
  }

  private static Variant named(Variant variant, String name) {
    Strategy of = variant.strategy();
    Strategy strategy =
        new Strategy(
            name,
            of.labels(),
            of.target(),
            of.model(),
            of.protocol(),
            of.gpus(),
            of.headers(),
            of.body(),
            of.access(),
            of.probes(),
            of.resets());
    return new Variant(
        strategy, variant.parameters(), variant.workload(), name + "-" + variant.server());
  }

  /** A second run must not find what the first one left, unless the plan wants warm caches. */
  private static CachePolicy cold(CachePolicy planned, Strategy strategy) {
    List<CacheReset> resets = strategy.resets().isEmpty() ? planned.resets() : strategy.resets();
    boolean settled =
        planned.said() || !resets.isEmpty() || strategy.target() instanceof Target.Simulated;
    return settled ? planned : new CachePolicy(CachePolicy.Salting.RUN, List.of(), true);
  }
}
