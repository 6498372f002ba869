package dev.kvasir.app.command;

import dev.kvasir.label.StrategyLabels;
import dev.kvasir.producer.launch.Launch;
import dev.kvasir.producer.launch.LaunchedProcess;
import dev.kvasir.producer.plan.Matrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The servers that a plan starts, for people and for scripts; without secrets.
 *
 * @param starts how often each launch is started, in the order in which they are first
 */
record LaunchWords(Map<Launch, Integer> starts) {

  static LaunchWords of(Matrix matrix) {
    Map<Launch, Integer> starts = new LinkedHashMap<>();
    matrix.launches().forEach(launch -> starts.merge(launch, 1, Integer::sum));
    return new LaunchWords(starts);
  }

  /** Lines of text; none when nothing is started. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    starts.forEach((launch, count) -> {
      String often = count == 1 ? "once" : count + " times";
      lines.add("  started %s, for %s: %s".formatted(often, launch.url(), label(launch)));
      for (LaunchedProcess process : launch.processes()) {
        lines.add("    %-10s %s".formatted(process.name(), process.line()));
      }
      launch
          .environment()
          .forEach((name, value) -> lines.add("      %s=%s".formatted(name, value)));
    });
    if (!lines.isEmpty()) {
      lines.addFirst("Servers:");
    }
    return lines;
  }

  /** The same as values. */
  List<Map<String, Object>> facts() {
    List<Map<String, Object>> facts = new ArrayList<>();
    starts.forEach((launch, count) -> {
      Map<String, Object> fact = new LinkedHashMap<>();
      fact.put("url", launch.url());
      fact.put("starts", count);
      fact.put("commands", launch.lines());
      fact.put("environment", launch.environment());
      fact.put("derived", StrategyLabels.derive(launch.facts(Map.of())));
      facts.add(fact);
    });
    return facts;
  }

  private static String label(Launch launch) {
    Map<String, String> labels = StrategyLabels.derive(launch.facts(Map.of()));
    return labels.isEmpty()
        ? "no engine that is known"
        : "%s %s, %s".formatted(labels.get("engine"), labels.get("topology"), labels.get("label"));
  }
}
