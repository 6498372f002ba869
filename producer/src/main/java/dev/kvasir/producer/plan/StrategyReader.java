package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.Datasets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the strategies of a plan. */
final class StrategyReader {

  static final List<String> KEYS =
      List.of(
          "name",
          "labels",
          "url",
          "simulate",
          "model",
          "protocol",
          "gpus",
          "headers",
          "api-key",
          "tls",
          "body",
          "metrics",
          "gpu",
          "reset");
  static final List<String> SIMULATE_KEYS = List.of("profile", "set");
  static final String SIMULATED_MODEL = "simulated";

  private static final Value<Protocol> PROTOCOL = Value.oneOf(Protocol.values(), Protocol::text);
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

  private final @Nullable String planModel;
  private final Set<String> profiles;
  private final Datasets files;
  private final Problems problems;

  /**
   * @param planModel the model of strategies that name none; null for none
   * @param profiles names of the simulator's profiles; empty when they are not known
   * @param files where the files that strategies name are looked for
   */
  StrategyReader(
      @Nullable String planModel, Set<String> profiles, Datasets files, Problems problems) {
    this.planModel = planModel;
    this.files = files;
    this.profiles = new TreeSet<>(profiles);
    this.problems = problems;
  }

  List<Strategy> read(Section plan) {
    if (!plan.has("strategies")) {
      plan.add("strategies", "strategies are missing", "give at least one, with a name and a url");
      return List.of();
    }
    List<PlanNode> items = plan.items("strategies");
    if (items.isEmpty() && plan.node("strategies") instanceof PlanNode.Items) {
      plan.add("strategies", "strategies are empty", "give at least one, with a name and a url");
    }
    List<Strategy> strategies = new ArrayList<>();
    Map<String, String> names = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      String path = "strategies[%d]".formatted(i);
      Strategy strategy = one(Section.of(path, items.get(i), KEYS, problems), names);
      if (strategy != null) {
        strategies.add(strategy);
      }
    }
    return strategies;
  }

  private @Nullable Strategy one(Section section, Map<String, String> names) {
    String name = section.required("name", Value.NAME);
    if (name != null) {
      String before = names.putIfAbsent(name.toLowerCase(Locale.ROOT), section.where("name"));
      if (before != null) {
        section.add("name", "the name %s is taken by %s".formatted(name, before), "choose another");
      }
    }
    Target target = target(section);
    Protocol protocol = protocol(section, target);
    String model = model(section, target);
    Integer gpus = section.value("gpus", Value.atLeast(0));
    Map<String, String> labels = section.texts("labels");
    Map<String, String> headers = headers(section);
    Map<String, @Nullable Object> body = BodyFields.read(section.entries("body"));
    Access access = access(section, headers);
    Probes probes = ProbeReader.read(section);
    List<CacheReset> resets = new CacheReader(problems).resets(section);
    if (name == null || target == null || protocol == null || model == null) {
      return null;
    }
    return new Strategy(
        name, labels, target, model, protocol, gpus, headers, body, access, probes, resets);
  }

  private Access access(Section section, Map<String, String> headers) {
    Access access = AccessReader.read(section, files);
    if (access.apiKey() != null
        && headers.keySet().stream().anyMatch(name -> name.equalsIgnoreCase("authorization"))) {
      section.add(
          "api-key",
          "%s and the header Authorization are both given".formatted(section.name("api-key")),
          "give one of the two");
    }
    return access;
  }

  private @Nullable Target target(Section section) {
    if (section.has("url") == section.has("simulate")) {
      section.add(
          section.has("url") ? "simulate" : "url",
          "%s and %s are both %s"
              .formatted(
                  section.name("url"),
                  section.name("simulate"),
                  section.has("url") ? "given" : "missing"),
          "give the url of a server that runs, or the profile of one to simulate");
      return null;
    }
    if (section.has("url")) {
      String url = section.value("url", Value.URL);
      return url == null ? null : new Target.Remote(url);
    }
    return simulated(section);
  }

  private @Nullable Target simulated(Section section) {
    if (section.node("simulate") instanceof PlanNode.Scalar) {
      return simulated(section, "simulate", Map.of());
    }
    Section simulate = section.section("simulate", SIMULATE_KEYS);
    return simulate == null ? null : simulated(simulate, "profile", simulate.texts("set"));
  }

  private @Nullable Target simulated(Section section, String key, Map<String, String> overrides) {
    String profile = section.required(key, Value.TEXT);
    if (profile == null) {
      return null;
    }
    if (!profiles.isEmpty() && !profiles.contains(profile)) {
      section.add(
          key,
          "%s is %s, and the simulator has no such profile".formatted(section.name(key), profile),
          NearestName.hint(profile, profiles));
      return null;
    }
    return new Target.Simulated(profile, overrides);
  }

  /** The protocol: as given, else by the address's path, else completions for a simulator. */
  private static @Nullable Protocol protocol(Section section, @Nullable Target target) {
    if (section.has("protocol")) {
      return section.value("protocol", PROTOCOL);
    }
    return switch (target) {
      case null -> null;
      case Target.Simulated _ -> Protocol.OPENAI_COMPLETIONS;
      case Target.Remote(String url) -> byPath(section, url);
    };
  }

  private static @Nullable Protocol byPath(Section section, String url) {
    for (Protocol protocol : Protocol.values()) {
      if (url.endsWith(protocol.path())) {
        return protocol;
      }
    }
    section.add(
        "url",
        "%s is %s, which names no known protocol".formatted(section.name("url"), url),
        "end it in %s, or give %s"
            .formatted(
                Stream.of(Protocol.values()).map(Protocol::path).collect(Collectors.joining(", ")),
                section.name("protocol")));
    return null;
  }

  private @Nullable String model(Section section, @Nullable Target target) {
    if (section.has("model")) {
      return section.value("model", Value.TEXT);
    }
    if (planModel != null) {
      return planModel;
    }
    if (target instanceof Target.Remote) {
      return section.required("model", new Value<>("the model's name on the server", text -> text));
    }
    return SIMULATED_MODEL;
  }

  private Map<String, String> headers(Section section) {
    Map<String, String> headers = section.texts("headers");
    headers.forEach((name, value) -> {
      if (!HEADER_NAME.matcher(name).matches() || !HEADER_VALUE.matcher(value).matches()) {
        section.add(
            "headers",
            "the header `%s` cannot be sent".formatted(name),
            "use a token as its name and printable ASCII on one line as its value");
      }
    });
    return headers;
  }
}
