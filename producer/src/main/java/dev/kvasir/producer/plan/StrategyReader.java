package dev.kvasir.producer.plan;

import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.workload.Datasets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
          "serve",
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
  private final Map<String, String> parameters;
  private final Set<String> profiles;
  private final Datasets files;
  private final Problems problems;

  /**
   * @param planModel the model of strategies that name none; null for none
   * @param parameters values of the plan's parameters
   * @param profiles names of the simulator's profiles; empty when they are not known
   * @param files where the files that strategies name are looked for
   */
  StrategyReader(
      @Nullable String planModel,
      Map<String, String> parameters,
      Set<String> profiles,
      Datasets files,
      Problems problems) {
    this.planModel = planModel;
    this.parameters = parameters;
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
    String url = section.value("url", Value.URL);
    Protocol protocol = protocol(section, url);
    String model = model(section);
    Target target = target(section, url, protocol, Objects.toString(name, ""), model);
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
        && Stream.concat(headers.keySet().stream(), access.headers().keySet().stream())
            .anyMatch(name -> name.equalsIgnoreCase("authorization"))) {
      section.add(
          "api-key",
          "%s and the header Authorization are both given".formatted(section.name("api-key")),
          "give one of the two");
    }
    return access;
  }

  private @Nullable Target target(
      Section section,
      @Nullable String url,
      @Nullable Protocol protocol,
      String name,
      @Nullable String model) {
    boolean simulates = section.has("simulate");
    if (simulates == (section.has("url") || section.has("serve"))) {
      section.add(
          simulates ? "simulate" : "url",
          simulates
              ? section.name("simulate") + " is given beside a server"
              : "there is neither %s nor %s nor %s"
                  .formatted(section.name("url"), section.name("simulate"), section.name("serve")),
          "give the url of a server that runs, the profile of one to simulate, or how to start one");
      return null;
    }
    if (simulates) {
      return simulated(section);
    }
    if (section.has("serve")) {
      return served(section, url, protocol, name, model);
    }
    return url == null ? null : new Target.Remote(url);
  }

  private @Nullable Target served(
      Section section,
      @Nullable String url,
      @Nullable Protocol protocol,
      String name,
      @Nullable String model) {
    String path = protocol == null ? "/" : protocol.path();
    Map<String, String> known =
        Map.of("strategy", name, "model", model == null ? SIMULATED_MODEL : model);
    Serving serving = ServeReader.read(section, url, path, known, parameters, files, problems);
    return serving == null ? null : new Target.Served(serving);
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

  /** The protocol: as given, else by the address's path, else completions. */
  private static @Nullable Protocol protocol(Section section, @Nullable String url) {
    if (section.has("protocol")) {
      return section.value("protocol", PROTOCOL);
    }
    if (section.has("url")) {
      return url == null ? null : byPath(section, url);
    }
    return Protocol.OPENAI_COMPLETIONS;
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

  private @Nullable String model(Section section) {
    if (section.has("model")) {
      return section.value("model", Value.TEXT);
    }
    if (planModel != null) {
      return planModel;
    }
    if (section.has("url") || section.has("serve")) {
      return section.required("model", new Value<>("the model's name on the server", text -> text));
    }
    return SIMULATED_MODEL;
  }

  private Map<String, String> headers(Section section) {
    Map<String, String> headers = new LinkedHashMap<>();
    section
        .entries("headers")
        .forEach((name, entry) -> {
          String value = entry.value() instanceof PlanNode.Scalar(_, String text, _) ? text : "";
          if (entry.value() instanceof PlanNode.Items
              || !HEADER_NAME.matcher(name).matches()
              || !HEADER_VALUE.matcher(value).matches()) {
            section.add(
                "headers",
                "the header `%s` cannot be sent".formatted(name),
                "use a token as its name, and printable ASCII on one line, {env: NAME} or {file: PATH} as its value");
          } else if (entry.value() instanceof PlanNode.Scalar) {
            headers.put(name, value);
          }
        });
    return headers;
  }
}
