package dev.kvasir.producer.plan;

import dev.kvasir.producer.launch.Secrets;
import dev.kvasir.producer.workload.Datasets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parts of a plan as they were written, without secrets and with the full names of files. */
final class PlanTemplate {

  /** Where a name that looks like a secret's says where the secret is, not what. */
  private static final Set<String> PLACES = Set.of("api-key", "tls", "name");

  private static final Set<String> ASKED = Set.of("metrics", "gpu", "reset");

  private PlanTemplate() {}

  static Map<String, @Nullable Object> of(
      Section root, Collection<String> keys, Datasets datasets) {
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    for (String key : keys) {
      PlanNode node = root.node(key);
      if (node != null) {
        parts.put(key, part(key, BodyFields.value(node), datasets));
      }
    }
    return parts;
  }

  private static @Nullable Object part(String key, @Nullable Object value, Datasets datasets) {
    if (key.equals("workload") && value instanceof Map<?, ?> workload) {
      return resolved(workload, datasets);
    }
    if (key.equals("strategies") && value instanceof List<?> strategies) {
      return strategies.stream().map(PlanTemplate::strategy).toList();
    }
    return value;
  }

  private static Map<String, @Nullable Object> resolved(Map<?, ?> workload, Datasets datasets) {
    Map<String, @Nullable Object> parts = new LinkedHashMap<>();
    workload.forEach((key, value) ->
        parts.put(
            String.valueOf(key),
            key.equals("file") && value instanceof String file && !file.contains("${")
                ? datasets.resolve(file)
                : value));
    return parts;
  }

  private static @Nullable Object strategy(@Nullable Object strategy) {
    if (!(strategy instanceof Map<?, ?> fields)) {
      return strategy;
    }
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    fields.forEach(
        (key, value) -> shown.put(String.valueOf(key), shown(String.valueOf(key), value)));
    return shown;
  }

  private static @Nullable Object shown(String key, @Nullable Object value) {
    if (key.equals("serve")) {
      return ServeText.withoutSecrets("serve", value);
    }
    if (ASKED.contains(key)) {
      return asked(key, value);
    }
    if (key.equals("headers") && value instanceof Map<?, ?> headers) {
      return PlanText.withoutValues(headers);
    }
    return value instanceof Map<?, ?> map && !PLACES.contains(key)
        ? PlanText.withoutSecrets(map)
        : value;
  }

  /** Addresses and commands without what is secret in them. */
  private static @Nullable Object asked(String key, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text when key.equals("command") -> Secrets.removedFrom(text);
      case String text -> Secrets.removedFromAddress(text);
      case List<?> items -> items.stream().map(each -> asked(key, each)).toList();
      case Map<?, ?> fields -> {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        fields.forEach(
            (name, each) -> shown.put(String.valueOf(name), asked(String.valueOf(name), each)));
        yield shown;
      }
      default -> value;
    };
  }
}
