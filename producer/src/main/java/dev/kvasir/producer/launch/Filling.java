package dev.kvasir.producer.launch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes one launch of templates, and notes what cannot be filled. One call owns it. */
final class Filling {

  private static final String HOST = "127.0.0.1";
  private static final int LARGEST_PORT = 65_535;
  private static final int MOST_INSTANCES = 256;

  private final Serving serving;
  private final IntSupplier freePort;
  private final Set<String> problems = new LinkedHashSet<>();
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final Map<Integer, String> taken = new LinkedHashMap<>();
  private final List<Kind> kinds = new ArrayList<>();

  /** A template with the ports and devices of its instances. */
  private record Kind(ProcessTemplate template, List<Integer> ports, List<String> devices) {}

  Filling(Serving serving, Map<String, String> varied, IntSupplier freePort) {
    this.serving = serving;
    this.freePort = freePort;
    serving.parameters().forEach((name, value) -> values.put(name, List.of(value)));
    varied.forEach((name, value) -> values.put(name, List.of(value)));
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  Launch launch() {
    int device = 0;
    for (ProcessTemplate template : serving.processes()) {
      device = allot(template, device);
    }
    List<LaunchedProcess> processes = new ArrayList<>();
    for (Kind kind : kinds) {
      for (int index = 0; index < kind.ports().size(); index++) {
        processes.add(instance(kind, index));
      }
    }
    return new Launch(url(), processes);
  }

  /** Gives every instance of a kind its port and devices; the first device of the next kind. */
  private int allot(ProcessTemplate template, int firstDevice) {
    Holes holes = new Holes(values, problems);
    int count = number(holes, template.name(), "count", template.count(), 1, MOST_INSTANCES);
    int each =
        template.devices() == null
            ? 0
            : number(holes, template.name(), "devices", template.devices(), 0, MOST_INSTANCES);
    List<Integer> ports = new ArrayList<>();
    List<String> devices = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      ports.add(port(holes, template, index));
      int first = firstDevice + index * each;
      devices.add(
          IntStream.range(first, first + each)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(",")));
    }
    kinds.add(new Kind(template, Collections.unmodifiableList(ports), devices));
    tell(template, ports);
    return firstDevice + count * each;
  }

  private @Nullable Integer port(Holes holes, ProcessTemplate template, int index) {
    if (template.port() == null) {
      return null;
    }
    int first = number(holes, template.name(), "port", template.port(), 0, LARGEST_PORT);
    if (first == 0) {
      return freePort.getAsInt();
    }
    int port = first + index;
    String name = template.name() + "-" + index;
    String before = taken.putIfAbsent(port, name);
    if (before != null) {
      problems.add("port %d is that of %s and of %s".formatted(port, before, name));
    }
    return port;
  }

  /** What other processes may say of this kind. */
  private void tell(ProcessTemplate template, List<Integer> ports) {
    String name = template.name();
    values.put(name + ".count", List.of(Integer.toString(ports.size())));
    if (template.port() != null) {
      values.put(name + ".port", List.of(String.valueOf(ports.getFirst())));
      values.put(name + ".ports", ports.stream().map(String::valueOf).toList());
      values.put(name + ".hosts", ports.stream().map(_ -> HOST).toList());
      values.put(name + ".urls", ports.stream().map(port -> address(port, "")).toList());
    }
  }

  private LaunchedProcess instance(Kind kind, int index) {
    ProcessTemplate template = kind.template();
    Integer port = kind.ports().get(index);
    String name = kind.ports().size() == 1 ? template.name() : template.name() + "-" + index;
    Map<String, List<String>> local = new LinkedHashMap<>(values);
    local.put("index", List.of(Integer.toString(index)));
    local.put("number", List.of(Integer.toString(index + 1)));
    local.put("name", List.of(name));
    local.put("devices", List.of(kind.devices().get(index)));
    if (port != null) {
      local.put("port", List.of(Integer.toString(port)));
    }
    Holes holes = new Holes(local, problems);
    List<String> command =
        template.shell()
            ? List.of(holes.text(template.command().getFirst()))
            : template.command().stream().flatMap(word -> holes.words(word).stream()).toList();
    Map<String, String> environment = new LinkedHashMap<>();
    template.environment().forEach((key, value) -> environment.put(key, holes.text(value)));
    return new LaunchedProcess(
        name,
        template.name(),
        command,
        template.shell(),
        environment,
        holes.text(template.folder()),
        port,
        template.after(),
        probe(template.probe(), holes, port),
        template.stop() == null ? null : holes.text(template.stop()),
        template.stopWithin());
  }

  private LaunchedProcess.Probe probe(
      ProcessTemplate.ProbeTemplate template, Holes holes, @Nullable Integer port) {
    String given = template.url() == null ? null : holes.text(template.url());
    String url = given == null && port == null ? null : given == null ? "/health" : given;
    if (url != null && url.startsWith("/")) {
      if (port == null) {
        problems.add("the readiness path %s belongs to a process without a port".formatted(url));
      }
      url = address(port, url);
    }
    return new LaunchedProcess.Probe(url, template.status(), template.within());
  }

  private String url() {
    if (serving.url() != null) {
      return new Holes(values, problems).text(serving.url());
    }
    Integer last = null;
    for (Kind kind : kinds) {
      last = kind.ports().getFirst() == null ? last : kind.ports().getFirst();
    }
    if (last == null) {
      problems.add("no process has a port, and there is no url; give one of them");
    }
    return address(last, serving.path());
  }

  private static String address(@Nullable Integer port, String path) {
    return "http://%s:%d%s".formatted(HOST, port == null ? 0 : port, path);
  }

  private int number(
      Holes holes, String process, String key, String template, int least, int most) {
    String text = holes.text(template);
    if (text.matches("\\d{1,9}")
        && Integer.parseInt(text) >= least
        && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    problems.add(
        "%s of %s is %s; it must be a whole number from %d to %d"
            .formatted(key, process, text, least, most));
    return least;
  }
}
