package dev.kvasir.producer.plan;

import dev.kvasir.producer.launch.Secrets;
import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.search.SearchSettings;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Writes a plan as YAML with every default spelled out and secrets replaced by {@code ***}. Parsing
 * the text gives the plan back, secrets aside.
 */
public final class PlanText {

  private static final int LEAST_SECRET = 6;
  private static final String REMOVED = "***";
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(auth|key|token|secret|password|cookie|credential).*");
  private static final Pattern COUNT = Pattern.compile("(?i).*_tokens");
  private static final Set<String> PLAIN_HEADERS = Set.of("accept", "content-type", "user-agent");
  private static final List<Unit> UNITS =
      List.of(
          new Unit("h", 3_600_000_000_000L),
          new Unit("m", 60_000_000_000L),
          new Unit("s", 1_000_000_000L),
          new Unit("ms", 1_000_000L),
          new Unit("us", 1_000L));

  private record Unit(String text, long nanos) {}

  private PlanText() {}

  /** The plan as YAML. */
  public static String of(Plan plan) {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put("experiment", plan.experiment());
    root.put("seed", plan.seed());
    root.put("repeats", plan.repeats());
    root.put("order", plan.order().text());
    putUnlessEmpty(root, "slo", slo(plan.objective()));
    putUnlessEmpty(root, "load", LoadText.of(plan));
    if (plan.search() != null) {
      root.put("search", search(plan.search().settings()));
    }
    if (plan.varied().parameters().isEmpty()) {
      root.put("workload", workload(plan.workload()));
      root.put("strategies", plan.strategies().stream().map(PlanText::strategy).toList());
    } else {
      root.put("vary", plan.varied().parameters());
      root.putAll(plan.varied().templates());
    }
    putUnlessEmpty(root, "stop", stop(plan.stop()));
    root.put("warm-up", Map.of("requests", plan.warmUpRequests()));
    root.put("timeout", duration(plan.timeout()));
    root.put("record-text", plan.recordText());
    if (!plan.alerts().isEmpty()) {
      root.put("alerts", plan.alerts().stream().map(PlanText::alert).toList());
    }
    if (plan.cache().said()) {
      root.put("cache", CacheText.of(plan.cache()));
    }
    root.put("thresholds", thresholds(plan.thresholds()));
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(options).dump(root);
  }

  /** A duration in the largest unit that divides it, such as {@code 125ms}. */
  static String duration(Duration duration) {
    long nanos = duration.toNanos();
    for (Unit unit : UNITS) {
      if (nanos % unit.nanos == 0 && nanos != 0) {
        return nanos / unit.nanos + unit.text;
      }
    }
    return nanos + "ns";
  }

  private static Map<String, Object> slo(Objective objective) {
    Map<String, Object> slo = new LinkedHashMap<>();
    if (objective.ttft() != null) {
      slo.put("ttft", duration(objective.ttft()));
    }
    if (objective.tpot() != null) {
      slo.put("tpot", duration(objective.tpot()));
    }
    if (objective.target() != null) {
      slo.put("target", percent(objective.target()));
    }
    return slo;
  }

  private static Map<String, Object> search(SearchSettings settings) {
    Map<String, Object> search = new LinkedHashMap<>();
    search.put("from", number(settings.from()));
    search.put("to", number(settings.to()));
    search.put("resolution", percent(settings.resolution()));
    search.put("target", percent(settings.target()));
    search.put("confidence", percent(settings.confidence()));
    return search;
  }

  private static Map<String, Object> stop(StopRules rules) {
    Map<String, Object> stop = new LinkedHashMap<>();
    if (rules.errorRate() != null) {
      stop.put("error-rate", percent(rules.errorRate()));
    }
    if (rules.duration() != null) {
      stop.put("duration", duration(rules.duration()));
    }
    if (rules.overSaturation()) {
      stop.put("over-saturation", true);
    }
    return stop;
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
  }

  private static Map<String, Object> workload(WorkloadSpec spec) {
    Map<String, Object> workload = new LinkedHashMap<>();
    workload.put("kind", spec.source().kind());
    if (spec.source().file() != null) {
      workload.put("file", spec.source().file());
    }
    workload.putAll(spec.source().settings());
    KvText.put(spec, workload);
    if (!KvText.decidesPrompts(spec)) {
      workload.put("prompts", spec.prompts());
    }
    if (spec.outputTokens() != null) {
      workload.put("output-tokens", spec.outputTokens().text());
    }
    workload.put("ignore-eos", spec.ignoreEos());
    if (spec.reason() != null) {
      workload.put("reason", spec.reason());
    }
    if (spec.tokenizer() != null) {
      workload.put("tokenizer", spec.tokenizer());
    }
    return workload;
  }

  private static Map<String, @Nullable Object> strategy(Strategy strategy) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", strategy.name());
    putUnlessEmpty(map, "labels", strategy.labels());
    switch (strategy.target()) {
      case Target.Remote(String url) -> map.put("url", url);
      case Target.Served(Serving serving) -> {
        if (serving.url() != null) {
          map.put("url", serving.url());
        }
        map.put("serve", ServeText.of(serving));
      }
      case Target.Simulated(String profile, var overrides) -> {
        Map<String, Object> simulate = new LinkedHashMap<>();
        simulate.put("profile", profile);
        if (!overrides.isEmpty()) {
          simulate.put("set", overrides);
        }
        map.put("simulate", simulate);
      }
    }
    map.put("model", strategy.model());
    map.put("protocol", strategy.protocol().text());
    if (strategy.gpus() != null) {
      map.put("gpus", strategy.gpus());
    }
    Map<String, @Nullable Object> headers = withoutValues(strategy.headers());
    strategy.access().headers().forEach((name, source) -> headers.put(name, source(source)));
    putUnlessEmpty(map, "headers", headers);
    access(map, strategy.access());
    putUnlessEmpty(map, "body", withoutSecrets(strategy.body()));
    probes(map, strategy.probes());
    if (!strategy.resets().isEmpty()) {
      map.put("reset", CacheText.resets(strategy.resets()));
    }
    return map;
  }

  private static void access(Map<String, @Nullable Object> map, Access access) {
    if (access.apiKey() != null) {
      map.put("api-key", source(access.apiKey()));
    }
    if (access.insecure()) {
      map.put("tls", Map.of("insecure", true));
    } else if (access.ca() != null) {
      map.put("tls", Map.of("ca", access.ca()));
    }
  }

  private static Map<String, String> source(ApiKey source) {
    return switch (source) {
      case ApiKey.Environment(String name) -> Map.of("env", name);
      case ApiKey.File(String path) -> Map.of("file", path);
    };
  }

  private static void probes(Map<String, @Nullable Object> map, Probes probes) {
    if (!probes.metrics().isEmpty()) {
      map.put("metrics", probes.metrics().stream().map(Secrets::removedFromAddress).toList());
    }
    Map<String, Object> gpu = new LinkedHashMap<>();
    if (probes.dcgm() != null) {
      gpu.put("dcgm", Secrets.removedFromAddress(probes.dcgm()));
    }
    if (probes.nvidiaSmi() != null) {
      gpu.put("nvidia-smi", probes.nvidiaSmi());
    }
    putUnlessEmpty(map, "gpu", gpu);
  }

  /** Headers without their values, where these are not what every client sends. */
  static Map<String, @Nullable Object> withoutValues(Map<?, ?> headers) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    headers.forEach((key, value) -> {
      String name = String.valueOf(key);
      shown.put(name, value instanceof Map<?, ?> || !isWithheld(name) ? value : REMOVED);
    });
    return shown;
  }

  /** Fields with the values of those that look like secrets replaced. */
  static Map<String, @Nullable Object> withoutSecrets(Map<?, ?> fields) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    fields.forEach((key, value) -> {
      String name = String.valueOf(key);
      shown.put(name, isSecret(name) ? REMOVED : withoutSecretsInside(value));
    });
    return shown;
  }

  /** The values of a strategy that its text leaves out and that are long enough to be found. */
  public static List<String> secrets(Strategy strategy) {
    List<String> secrets = new ArrayList<>();
    strategy
        .headers()
        .forEach((name, value) -> {
          if (isWithheld(name)) {
            addSecret(value, secrets);
          }
        });
    collectSecrets(strategy.body(), secrets);
    return secrets;
  }

  /** Headers and body fields of a strategy whose values its text leaves out. */
  public static List<String> withheld(Strategy strategy) {
    List<String> names = new ArrayList<>();
    strategy.headers().keySet().stream()
        .filter(PlanText::isWithheld)
        .map(name -> "header " + name)
        .forEach(names::add);
    collectWithheld(strategy.body(), names);
    return names;
  }

  private static void collectWithheld(Object value, List<String> names) {
    switch (value) {
      case Map<?, ?> fields ->
          fields.forEach((key, below) -> {
            if (isSecret(String.valueOf(key))) {
              names.add("body field " + key);
            } else if (below != null) {
              collectWithheld(below, names);
            }
          });
      case List<?> items -> items.forEach(each -> collectWithheld(each, names));
      default -> {}
    }
  }

  private static void collectSecrets(Map<?, ?> fields, List<String> secrets) {
    fields.forEach((key, value) -> {
      if (value instanceof Map<?, ?> below) {
        collectSecrets(below, secrets);
      } else if (value instanceof String text && isSecret(String.valueOf(key))) {
        addSecret(text, secrets);
      }
    });
  }

  private static void addSecret(String text, List<String> secrets) {
    if (text.length() >= LEAST_SECRET) {
      String[] words = text.strip().split("\\s+", -1);
      secrets.add(words[words.length - 1]);
    }
  }

  private static boolean isWithheld(String header) {
    return !PLAIN_HEADERS.contains(header.toLowerCase(Locale.ROOT));
  }

  /** Whether a field of this name looks as if it held a secret. */
  private static boolean isSecret(String name) {
    return SECRET.matcher(name).matches() && !COUNT.matcher(name).matches();
  }

  private static @Nullable Object withoutSecretsInside(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> fields -> withoutSecrets(fields);
      case List<?> items -> items.stream().map(PlanText::withoutSecretsInside).toList();
      case null -> null;
      default -> value;
    };
  }

  private static Map<String, Object> alert(AlertCondition alert) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", alert.name());
    map.put("metric", alert.metric());
    map.put(alert.above() ? "above" : "below", number(alert.threshold()));
    map.put("window", alert.windowSeconds() == 0 ? "run" : alert.windowSeconds() + "s");
    map.put("for", duration(alert.hold()));
    if (alert.clear() != null) {
      map.put("clear", number(alert.clear()));
    }
    return map;
  }

  private static Map<String, Object> thresholds(Thresholds thresholds) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("dispatch-lag", duration(thresholds.dispatchLag()));
    map.put("loop-lag", duration(thresholds.loopLag()));
    map.put("gc-pause", duration(thresholds.gcPause()));
    map.put("wall-step", duration(thresholds.wallStep()));
    map.put("loop-busy", percent(thresholds.loopBusy()));
    map.put("queued-events", thresholds.queuedEvents());
    map.put("socket-backlog", thresholds.socketBacklogBytes());
    return map;
  }

  private static void putUnlessEmpty(
      Map<String, @Nullable Object> target, String key, Map<?, ?> value) {
    if (!value.isEmpty()) {
      target.put(key, value);
    }
  }

  /** A whole number without a decimal point, and {@code inf} for infinity. */
  static Object number(double number) {
    if (Double.isInfinite(number)) {
      return "inf";
    }
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? (Object) (long) number : number;
  }
}
