package dev.kvasir.producer.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the alert rules of a plan. */
final class AlertReader {

  static final List<String> KEYS =
      List.of("name", "metric", "above", "below", "clear", "window", "for");

  private static final Value<Integer> WINDOW =
      new Value<>(
          "one of 1s, 10s, 60s, run",
          text ->
              switch (text) {
                case "1s" -> 1;
                case "10s" -> 10;
                case "60s" -> 60;
                case "run" -> 0;
                default -> null;
              });

  private static final String DRIFT = "_drift";
  private static final int WHOLE_RUN = 0;

  private AlertReader() {}

  static List<AlertCondition> read(Section plan, Problems problems) {
    List<AlertCondition> alerts = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<PlanNode> items = plan.items("alerts");
    for (int i = 0; i < items.size(); i++) {
      Section section = Section.of("alerts[%d]".formatted(i), items.get(i), KEYS, problems);
      AlertCondition alert = one(section);
      if (alert == null) {
        continue;
      }
      if (!names.add(alert.name())) {
        section.add("name", "two alerts are named " + alert.name(), "choose another name");
      }
      alerts.add(alert);
    }
    return alerts;
  }

  private static @Nullable AlertCondition one(Section section) {
    String name = section.required("name", Value.NAME);
    String metric = section.required("metric", new Value<>("a metric's name", text -> text));
    Integer window = section.valueOr("window", WINDOW, 10);
    Duration hold = section.valueOr("for", Value.DURATION, Duration.ZERO);
    boolean above = section.has("above");
    if (above == section.has("below")) {
      section.add(
          "above",
          "above and below are both " + (above ? "given" : "missing"),
          "give one of them, in the metric's unit");
      return null;
    }
    Double threshold = section.value(above ? "above" : "below", Value.NUMBER);
    Double clear = section.value("clear", Value.NUMBER);
    if (metric != null && metric.endsWith(DRIFT) && window == WHOLE_RUN) {
      section.add(
          "window",
          "%s compares a window with the first one, and the whole run has one alone"
              .formatted(metric),
          "give 10s or 60s");
    }
    if (name == null || metric == null || threshold == null) {
      return null;
    }
    if (clear != null && (above ? clear > threshold : clear < threshold)) {
      section.add(
          "clear",
          "%s is %s, on the wrong side of %s"
              .formatted(section.name("clear"), clear, section.name(above ? "above" : "below")),
          "give a value that is reached only when all is well again");
    }
    return new AlertCondition(name, metric, above, threshold, window, hold, clear);
  }
}
