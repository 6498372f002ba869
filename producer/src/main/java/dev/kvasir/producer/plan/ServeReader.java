package dev.kvasir.producer.plan;

import dev.kvasir.producer.launch.ProcessTemplate;
import dev.kvasir.producer.launch.ProcessTemplate.ProbeTemplate;
import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.workload.Datasets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads how a strategy's servers are started. */
final class ServeReader {

  /** Keys of a process. */
  static final List<String> PROCESS_KEYS =
      List.of(
          "name",
          "count",
          "command",
          "environment",
          "folder",
          "port",
          "devices",
          "after",
          "ready",
          "stop",
          "stop-within");

  /** Keys of {@code serve}; those of a process too, for a strategy of one. */
  static final List<String> KEYS =
      List.of(
          "parameters",
          "fresh-server",
          "processes",
          "command",
          "environment",
          "folder",
          "port",
          "devices",
          "ready",
          "stop",
          "stop-within");

  static final List<String> READY_KEYS = List.of("url", "status", "within");

  private static final List<String> OF_ONE_PROCESS =
      List.of("command", "port", "devices", "ready", "stop");
  private static final int OK = 200;
  private static final Duration READY_WITHIN = Duration.ofMinutes(10);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(30);
  private static final Value<String> READY_URL =
      new Value<>(
          "an address such as http://127.0.0.1:${port}/health or tcp://127.0.0.1:${port}, or a path such as /health",
          text -> text.matches("((https?|tcp)://\\S+|/\\S*)") ? text : null,
          Value.PAGE.shown());
  private static final Value<Integer> STATUS =
      new Value<>(
          "an HTTP status from 100 to 599",
          text -> text.matches("[1-5]\\d\\d") ? Integer.valueOf(text) : null);

  private final Section serve;
  private final Datasets files;
  private final Problems problems;

  private ServeReader(Section serve, Datasets files, Problems problems) {
    this.serve = serve;
    this.files = files;
    this.problems = problems;
  }

  /**
   * Reads it.
   *
   * @param strategy the section that holds it
   * @param url template of the strategy's address; null for the last process's port
   * @param path usual path of the protocol
   * @param known parameters that every strategy has, such as its model
   * @param varied the plan's parameters
   * @return null when a problem was noted
   */
  static @Nullable Serving read(
      Section strategy,
      @Nullable String url,
      String path,
      Map<String, String> known,
      Map<String, String> varied,
      Datasets files,
      Problems problems) {
    Section serve = strategy.section("serve", KEYS);
    int before = problems.count();
    if (serve == null) {
      return null;
    }
    List<ProcessTemplate> processes = new ServeReader(serve, files, problems).processes();
    Map<String, String> parameters = new LinkedHashMap<>(known);
    parameters.putAll(serve.texts("parameters"));
    boolean fresh = serve.valueOr("fresh-server", Value.SWITCH, false);
    if (problems.count() > before || processes.isEmpty()) {
      return null;
    }
    Serving serving = new Serving(url, path, parameters, processes, fresh);
    serving
        .problems(varied)
        .forEach(problem -> strategy.add("serve", problem, "correct what ${…} says"));
    return problems.count() > before ? null : serving;
  }

  private List<ProcessTemplate> processes() {
    if (serve.has("processes") == serve.has("command")) {
      serve.add(
          serve.has("command") ? "processes" : "command",
          "%s and %s are both %s"
              .formatted(
                  serve.name("command"),
                  serve.name("processes"),
                  serve.has("command") ? "given" : "missing"),
          "give the command of one process, or a list of processes");
      return List.of();
    }
    if (serve.has("command")) {
      return one(serve, "server", Map.of()).stream().toList();
    }
    OF_ONE_PROCESS.forEach(key -> serve.refuse(key, "it belongs to one of the processes"));
    return several();
  }

  private List<ProcessTemplate> several() {
    Map<String, String> shared = serve.texts("environment");
    List<ProcessTemplate> processes = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    List<PlanNode> items = serve.items("processes");
    for (int i = 0; i < items.size(); i++) {
      String path = "%s[%d]".formatted(serve.path("processes"), i);
      Section section = Section.of(path, items.get(i), PROCESS_KEYS, problems);
      String name = section.required("name", Value.NAME);
      if (name == null) {
        continue;
      }
      section.values("after", Value.NAME).stream()
          .filter(earlier -> !names.contains(earlier))
          .forEach(earlier ->
              section.add(
                  "after",
                  "%s is not a process before %s".formatted(earlier, name),
                  "name one that stands above it"));
      if (!names.add(name)) {
        section.add("name", "the name %s is taken".formatted(name), "choose another");
      }
      processes.addAll(one(section, name, shared));
    }
    if (items.isEmpty()) {
      serve.add("processes", "there are no processes", "give at least one");
    }
    return processes;
  }

  /** The process of a section; none when a problem was noted. */
  private List<ProcessTemplate> one(Section section, String name, Map<String, String> shared) {
    List<String> command = command(section);
    Map<String, String> environment = new LinkedHashMap<>(shared);
    environment.putAll(section.texts("environment"));
    String folder = section.valueOr("folder", Value.TEXT, serve.valueOr("folder", Value.TEXT, "."));
    if (command.isEmpty()) {
      return List.of();
    }
    return List.of(
        new ProcessTemplate(
            name,
            section == serve ? "1" : section.valueOr("count", Value.TEXT, "1"),
            command,
            section.node("command") instanceof PlanNode.Scalar,
            environment,
            files.resolve(folder),
            section.value("port", Value.TEXT),
            section.value("devices", Value.TEXT),
            section == serve ? List.of() : section.values("after", Value.NAME),
            ready(section),
            section.value("stop", Value.TEXT),
            section.valueOr(
                "stop-within",
                Value.LENGTH,
                serve.valueOr("stop-within", Value.LENGTH, STOP_WITHIN))));
  }

  private static List<String> command(Section section) {
    if (!section.has("command")) {
      section.add(
          "command", section.name("command") + " is missing", "give its words, or one shell text");
      return List.of();
    }
    return section.values("command", new Value<>("a word", text -> text));
  }

  private static ProbeTemplate ready(Section section) {
    if (section.node("ready") instanceof PlanNode.Scalar) {
      return new ProbeTemplate(section.value("ready", READY_URL), OK, READY_WITHIN);
    }
    Section ready = section.section("ready", READY_KEYS);
    if (ready == null) {
      return new ProbeTemplate(null, OK, READY_WITHIN);
    }
    return new ProbeTemplate(
        ready.value("url", READY_URL),
        ready.valueOr("status", STATUS, OK),
        ready.valueOr("within", Value.LENGTH, READY_WITHIN));
  }
}
