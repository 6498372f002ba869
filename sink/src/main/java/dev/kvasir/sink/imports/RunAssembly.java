package dev.kvasir.sink.imports;

import dev.kvasir.event.Anchor;
import dev.kvasir.event.Host;
import dev.kvasir.event.Load;
import dev.kvasir.event.LoadKind;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Server;
import dev.kvasir.event.Slo;
import dev.kvasir.event.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes runs of drafts: names, numbers and load points. One thread's. */
final class RunAssembly {

  /** Below every number that a generator gives: they are microseconds since 1970. */
  private static final long BEFORE_2001 = 1_000_000_000_000_000L;

  private static final long MICROSECONDS = 1_000_000;
  private static final Host UNKNOWN_HOST = new Host("unknown", "unknown", 0, 0L, "unknown");

  private final ImportOptions options;
  private final Map<String, Integer> repeats = new HashMap<>();

  RunAssembly(ImportOptions options) {
    this.options = options;
  }

  ImportedRun run(SourceFile source, RunDraft draft) {
    Plausibility.judge(draft);
    String experiment = experiment(source, draft);
    String strategy = options.strategy() == null ? draft.strategy : options.strategy();
    String loadPoint = loadPoint(draft);
    String cell = cell(strategy, draft.parameters, loadPoint);
    long at = draft.startAt == null ? source.modifiedAt() : draft.startAt;
    if (draft.startAt == null) {
      draft.startIsKnown = false;
    }
    draft.file = source.name();
    draft.metadata.put("folder", source.folder());
    draft.metadata.put("file_sha256", source.sha256());
    draft.metadata.put("start", draft.startIsKnown ? "recorded" : "time of the file's last change");
    draft.metadata.put("start_times", draft.startTimes.name().toLowerCase(Locale.ROOT));
    long number = number(draft.startAt, draft.hash);
    Map<String, String> declared = new TreeMap<>(draft.declared);
    declared.putAll(options.labels());
    RunStarted started =
        RunStarted.newBuilder()
            .setRun(number)
            .setAt(at)
            .setId("")
            .setExperiment(experiment)
            .setStrategy(strategy)
            .setCell(cell)
            .setLoadPoint(loadPoint)
            .setRepeat(repeat(experiment, cell, draft))
            .setSeed(draft.seed == null ? number : draft.seed)
            .setDeclared(declared)
            .setDerived(draft.derived)
            .setParameters(draft.parameters)
            .setLoad(load(draft))
            .setWorkload(workload(draft))
            .setSlo(new Slo(null, null, null))
            .setServer(server(draft))
            .setPlannedRequests(draft.planned)
            .setWarmUpRequests(warmUps(draft))
            .setTimeoutNanos(draft.timeoutNanos)
            .setStartAt(at)
            .setVersion("unknown")
            .setCommit("unknown")
            .setHost(UNKNOWN_HOST)
            .setAnchor(new Anchor(at, 0L, 0L))
            .build();
    return new ImportedRun(started, draft).numbered(number);
  }

  /** The readable id of a run. */
  static String id(RunStarted run, long number) {
    return slug(
        "%s-%s-%s-r%d-%s"
            .formatted(
                run.getExperiment(),
                run.getStrategy(),
                run.getLoadPoint(),
                run.getRepeat(),
                Long.toString(number, Character.MAX_RADIX)));
  }

  private static String slug(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.=_-]+", "-");
  }

  private String experiment(SourceFile source, RunDraft draft) {
    if (options.experiment() != null) {
      return options.experiment();
    }
    return draft.experiment == null ? source.folder() : draft.experiment;
  }

  /** An iteration is a repeat of its own; without one, the runs of a cell are counted. */
  private int repeat(String experiment, String cell, RunDraft draft) {
    if (draft.repeat != null) {
      return draft.repeat;
    }
    return repeats.merge(experiment + "\n" + cell, 1, Integer::sum);
  }

  /**
   * The microsecond of the start with its second's part from the hash, or, where the start is
   * unknown, a number from the hash alone: the same record always has the same number.
   */
  static long number(@Nullable Long startAt, String hash) {
    long drawn = Hash.first64(hash) >>> 1;
    if (startAt == null || startAt <= 0) {
      return drawn % BEFORE_2001;
    }
    return startAt / 1_000_000_000L * MICROSECONDS + drawn % MICROSECONDS;
  }

  private static String cell(String strategy, Map<String, String> parameters, String loadPoint) {
    StringBuilder cell = new StringBuilder(strategy);
    parameters.forEach((key, value) -> cell.append(' ').append(key).append('=').append(value));
    return cell.append(' ').append(loadPoint).toString();
  }

  /** At an infinite rate, the number of requests in flight is the load. */
  private static boolean isClosed(RunDraft draft) {
    return draft.concurrency != null && (draft.rate == null || Double.isInfinite(draft.rate));
  }

  private static String loadPoint(RunDraft draft) {
    if (isClosed(draft)) {
      return "concurrency=" + draft.concurrency;
    }
    Double rate = draft.rate;
    if (rate == null) {
      return "unknown";
    }
    return "rate=" + (Double.isInfinite(rate) ? "inf" : plain(rate));
  }

  private static String plain(double rate) {
    return java.math.BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
  }

  private static Load load(RunDraft draft) {
    Load.Builder load = Load.newBuilder().setConcurrency(draft.concurrency);
    if (isClosed(draft)) {
      return load.setKind(LoadKind.CLOSED).setArrivals("closed").build();
    }
    boolean atOnce = draft.rate != null && Double.isInfinite(draft.rate);
    return load.setKind(LoadKind.OPEN)
        .setArrivals(draft.rate == null ? "unknown" : atOnce ? "all-at-once" : arrivals(draft))
        .setRate(draft.rate)
        .setBurstiness(atOnce ? null : draft.burstiness)
        .build();
  }

  private static String arrivals(RunDraft draft) {
    Double burstiness = draft.burstiness;
    if (burstiness == null || burstiness == 1) {
      return draft.arrivals;
    }
    return Double.isInfinite(burstiness) ? "constant" : "gamma";
  }

  private static Workload workload(RunDraft draft) {
    return Workload.newBuilder()
        .setName(draft.workload)
        .setHash(draft.workloadHash)
        .setTokenizer(draft.metadata.getOrDefault("tokenizer_id", "unknown"))
        .setOutputTokens(draft.outputTokens)
        .build();
  }

  private static Server server(RunDraft draft) {
    return Server.newBuilder()
        .setUrl(draft.url)
        .setProtocol(draft.protocol)
        .setModel(draft.model)
        .setEngine(draft.engine)
        .setEngineVersion(draft.engineVersion)
        .setGpus(draft.gpus)
        .setCommand(List.of())
        .setEnvironment(Map.of())
        .build();
  }

  private static long warmUps(RunDraft draft) {
    return draft.requests.stream().filter(each -> each.phase() == Phase.WARM_UP).count();
  }
}
