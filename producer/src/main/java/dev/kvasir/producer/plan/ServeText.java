package dev.kvasir.producer.plan;

import dev.kvasir.producer.launch.ProcessTemplate;
import dev.kvasir.producer.launch.ProcessTemplate.ProbeTemplate;
import dev.kvasir.producer.launch.Secrets;
import dev.kvasir.producer.launch.Serving;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes how servers are started, as a plan says it, without secrets. */
final class ServeText {

  private ServeText() {}

  static Map<String, Object> of(Serving serving) {
    Map<String, Object> serve = new LinkedHashMap<>();
    serve.put("parameters", withoutSecrets(serving.parameters()));
    serve.put("fresh-server", serving.fresh());
    serve.put("processes", serving.processes().stream().map(ServeText::process).toList());
    return serve;
  }

  private static Map<String, Object> process(ProcessTemplate process) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", process.name());
    map.put("count", process.count());
    map.put(
        "command",
        process.shell()
            ? Secrets.removedFrom(process.command().getFirst())
            : Secrets.removedFrom(process.command()));
    if (!process.environment().isEmpty()) {
      map.put("environment", withoutSecrets(process.environment()));
    }
    map.put("folder", process.folder());
    putIfGiven(map, "port", process.port());
    putIfGiven(map, "devices", process.devices());
    if (!process.after().isEmpty()) {
      map.put("after", List.copyOf(process.after()));
    }
    map.put("ready", ready(process.probe()));
    putIfGiven(map, "stop", process.stop() == null ? null : Secrets.removedFrom(process.stop()));
    map.put("stop-within", PlanText.duration(process.stopWithin()));
    return map;
  }

  private static Map<String, Object> ready(ProbeTemplate probe) {
    Map<String, Object> ready = new LinkedHashMap<>();
    putIfGiven(ready, "url", probe.url());
    ready.put("status", probe.status());
    ready.put("within", PlanText.duration(probe.within()));
    return ready;
  }

  private static void putIfGiven(Map<String, Object> map, String key, @Nullable Object value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private static Map<String, String> withoutSecrets(Map<String, String> values) {
    Map<String, String> shown = new LinkedHashMap<>();
    values.forEach((name, value) -> shown.put(name, Secrets.shown(name, value)));
    return shown;
  }

  /** What a plan says of servers as it was written, without secrets. */
  static @Nullable Object withoutSecrets(String name, @Nullable Object value) {
    return switch (value) {
      case Map<?, ?> fields -> {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        fields.forEach((key, each) ->
            shown.put(String.valueOf(key), withoutSecrets(String.valueOf(key), each)));
        yield shown;
      }
      case List<?> items when items.stream().allMatch(String.class::isInstance) ->
          Secrets.removedFrom(items.stream().map(String::valueOf).toList());
      case List<?> items -> items.stream().map(each -> withoutSecrets(name, each)).toList();
      case String text -> Secrets.shown(name, text);
      case null -> null;
      default -> value;
    };
  }
}
