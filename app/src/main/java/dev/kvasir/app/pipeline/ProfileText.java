package dev.kvasir.app.pipeline;

import dev.kvasir.producer.plan.Target;
import java.util.Map;
import java.util.TreeMap;

/** A simulator's profile that changes some values of another, as YAML. */
final class ProfileText {

  private ProfileText() {}

  static String of(Target.Simulated simulated) {
    StringBuilder text = new StringBuilder("extends: ").append(simulated.profile()).append('\n');
    Map<String, Map<String, String>> sections = new TreeMap<>();
    simulated
        .overrides()
        .forEach((key, value) -> {
          int dot = key.indexOf('.');
          if (dot < 0) {
            text.append(key).append(": ").append(value).append('\n');
            return;
          }
          sections
              .computeIfAbsent(key.substring(0, dot), _ -> new TreeMap<>())
              .put(key.substring(dot + 1), value);
        });
    sections.forEach((section, values) -> {
      text.append(section).append(":\n");
      values.forEach(
          (key, value) -> text.append("  ").append(key).append(": ").append(value).append('\n'));
    });
    return text.toString();
  }
}
