package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.LoadPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how many prompts the runs of single load points send. */
final class PromptsAt {

  private PromptsAt() {}

  /** Prompts by the load point's text; a bare number names the only point that has it. */
  static Map<String, Integer> read(Section load, Map<String, LoadPoint> points) {
    Map<String, Integer> prompts = new LinkedHashMap<>();
    load.texts("prompts")
        .forEach((name, text) -> {
          Integer count = Value.atLeast(1).parser().apply(text);
          String point = point(name, points.keySet().stream().toList());
          if (count == null) {
            load.add(
                "prompts",
                "%s.%s is %s".formatted(load.name("prompts"), name, text),
                "it must be " + Value.atLeast(1).expected());
          } else if (point == null) {
            load.add(
                "prompts",
                "%s.%s names no load point".formatted(load.name("prompts"), name),
                "it must be one of " + String.join(", ", points.keySet()));
          } else {
            prompts.put(point, count);
          }
        });
    return prompts;
  }

  private static @Nullable String point(String name, List<String> points) {
    if (points.contains(name)) {
      return name;
    }
    List<String> fitting =
        points.stream()
            .filter(
                point -> point.matches("[a-z-]+=" + java.util.regex.Pattern.quote(name) + "(-.*)?"))
            .toList();
    return fitting.size() == 1 ? fitting.getFirst() : null;
  }
}
