package dev.kvasir.producer.plan;

import dev.kvasir.producer.search.SearchSettings;
import dev.kvasir.producer.workload.Datasets;
import dev.kvasir.producer.workload.KvSizing;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a whole plan from its nodes. */
final class PlanReader {

  static final List<String> KEYS =
      List.of(
          "experiment",
          QuickForm.KEY,
          "seed",
          "repeats",
          "order",
          "slo",
          "model",
          "vary",
          "workload",
          "load",
          "search",
          "strategies",
          "stop",
          "warm-up",
          "timeout",
          "record-text",
          "alerts",
          "cache",
          "thresholds");
  static final List<String> SLO_KEYS = List.of("ttft", "tpot", "target");
  static final List<String> WARM_UP_KEYS = List.of("requests");
  static final List<String> STOP_KEYS = List.of("error-rate", "duration", "over-saturation");
  static final List<String> THRESHOLD_KEYS =
      List.of(
          "dispatch-lag",
          "loop-lag",
          "gc-pause",
          "wall-step",
          "loop-busy",
          "queued-events",
          "socket-backlog");

  private static final long DEFAULT_SEED = 0;
  private static final int DEFAULT_REPEATS = 3;
  private static final int DEFAULT_WARM_UP = 8;
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);
  private static final Value<RunOrder> ORDER = Value.oneOf(RunOrder.values(), RunOrder::text);

  private final PlanNode node;
  private final Section root;
  private final Datasets datasets;
  private final Set<String> profiles;
  private final Problems problems;

  PlanReader(PlanNode root, Datasets datasets, Set<String> profiles, Problems problems) {
    this.node = root;
    this.root = Section.of("", root, KEYS, problems);
    this.datasets = datasets;
    this.profiles = profiles;
    this.problems = problems;
  }

  /** The plan; null when a problem was noted. */
  @Nullable Plan read() {
    String experiment = root.required("experiment", Value.NAME);
    long seed = root.valueOr("seed", Value.SEED, DEFAULT_SEED);
    int repeats = root.valueOr("repeats", Value.atLeast(1), DEFAULT_REPEATS);
    RunOrder order = root.valueOr("order", ORDER, RunOrder.INTERLEAVED);
    Objective objective = objective();
    VariantReader variantReader = new VariantReader(root, node, profiles, datasets, problems);
    Varied varied = variantReader.varied();
    List<Variant> variants = variantReader.variants(varied);
    SearchSettings settings = SearchReader.read(root, objective, repeats);
    LoadReader.Loads loads = loads(variants);
    StopRules stop = stopRules();
    int warmUp = warmUp();
    Duration timeout = root.valueOr("timeout", Value.LENGTH, DEFAULT_TIMEOUT);
    boolean recordText = root.valueOr("record-text", Value.SWITCH, false);
    List<AlertCondition> alerts = AlertReader.read(root, problems);
    CachePolicy cache = new CacheReader(problems).policy(root);
    Thresholds thresholds = thresholds();
    WorkloadSpec workload = variantReader.workload();
    if (workload != null
        && loads != null
        && !workload.kvPoints().isEmpty()
        && !loads.promptsAt().selectors().isEmpty()) {
      root.add(
          "load",
          "load.prompts is given beside an amount of KV cache",
          "leave it out: the amount decides how many prompts there are");
    }
    if (!problems.isEmpty()
        || workload == null
        || experiment == null
        || variants.isEmpty()
        || loads == null) {
      return null;
    }
    return new Plan(
        experiment,
        seed,
        repeats,
        order,
        objective,
        varied,
        workload,
        variants,
        loads.points(),
        loads.play(),
        loads.promptsAt(),
        settings == null ? null : new Search(settings, loads.process(), loads.maxInFlight()),
        warmUp,
        stop,
        timeout,
        recordText,
        alerts,
        cache,
        thresholds);
  }

  private Objective objective() {
    Section slo = root.section("slo", SLO_KEYS);
    if (slo == null) {
      return new Objective(null, null, null);
    }
    return new Objective(
        slo.value("ttft", Value.LENGTH),
        slo.value("tpot", Value.LENGTH),
        slo.value("target", Value.SHARE));
  }

  private LoadReader.@Nullable Loads loads(List<Variant> variants) {
    Section load = root.section("load", LoadReader.KEYS);
    boolean searched = root.has("search");
    if (load == null && searched) {
      load =
          Section.of(
              "load", new PlanNode.Mapping(root.where(), Map.of()), LoadReader.KEYS, problems);
    }
    if (load == null) {
      root.add("load", "the load is missing", "give rates or concurrency");
      return null;
    }
    return LoadReader.read(load, datasets, problems, variants, searched);
  }

  private int warmUp() {
    Section warmUp = root.section("warm-up", WARM_UP_KEYS);
    return warmUp == null
        ? DEFAULT_WARM_UP
        : warmUp.valueOr("requests", Value.atLeast(0), DEFAULT_WARM_UP);
  }

  private StopRules stopRules() {
    Section stop = root.section("stop", STOP_KEYS);
    return stop == null
        ? StopRules.NONE
        : new StopRules(
            stop.value("error-rate", Value.SHARE),
            stop.value("duration", Value.LENGTH),
            stop.valueOr("over-saturation", Value.SWITCH, false));
  }

  private Thresholds thresholds() {
    Section section = root.section("thresholds", THRESHOLD_KEYS);
    Thresholds defaults = Thresholds.DEFAULT;
    if (section == null) {
      return defaults;
    }
    return new Thresholds(
        section.valueOr("dispatch-lag", Value.LENGTH, defaults.dispatchLag()),
        section.valueOr("loop-lag", Value.LENGTH, defaults.loopLag()),
        section.valueOr("gc-pause", Value.LENGTH, defaults.gcPause()),
        section.valueOr("wall-step", Value.LENGTH, defaults.wallStep()),
        section.valueOr("loop-busy", Value.SHARE, defaults.loopBusy()),
        section.valueOr("queued-events", Value.atLeast(1), defaults.queuedEvents()),
        socketBacklog(section.value("socket-backlog", Value.SIZE_OR_BYTES)));
  }

  private static long socketBacklog(KvSizing.@Nullable Size size) {
    return size == null ? Thresholds.DEFAULT.socketBacklogBytes() : size.bytes();
  }
}
