package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.arrival.RateCurve;
import dev.kvasir.producer.arrival.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the load of a plan as the mapping that is read back as the same. */
final class LoadText {

  private final Map<String, Object> load = new LinkedHashMap<>();

  private LoadText() {}

  static Map<String, Object> of(Plan plan) {
    LoadText text = new LoadText();
    plan.loads().forEach(text::point);
    Search search = plan.search();
    if (search != null) {
      text.process(search.process());
      text.put("max-in-flight", search.maxInFlight());
    }
    text.play(plan.play());
    if (!plan.promptsAt().selectors().isEmpty()) {
      Map<String, Integer> prompts = new LinkedHashMap<>();
      plan.promptsAt().selectors().forEach(each -> prompts.put(each.text(), each.prompts()));
      text.load.put("prompts", prompts);
    }
    return text.load;
  }

  private void point(LoadPoint point) {
    switch (point) {
      case LoadPoint.Open open -> {
        timing(open.timing());
        put("max-in-flight", open.maxInFlight());
      }
      case LoadPoint.Closed closed -> {
        append("concurrency", closed.concurrency());
        if (closed.starts() != null
            && closed.starts().curve() instanceof RateCurve.Fixed(double rate)) {
          load.put("max-rate", PlanText.number(rate));
          process(closed.starts().process());
        }
      }
      case LoadPoint.Bursts bursts -> {
        append("burst", bursts.size());
        put("rounds", bursts.rounds());
      }
    }
  }

  private void timing(Timing timing) {
    switch (timing) {
      case Timing.Rated rated -> {
        curve(rated.curve());
        process(rated.process());
      }
      case Timing.Traced(double speed) -> append("trace-speed", PlanText.number(speed));
      case Timing.Listed listed -> append("schedule", listed.file());
    }
  }

  private void curve(RateCurve curve) {
    switch (curve) {
      case RateCurve.Fixed(double rate) -> append("rates", PlanText.number(rate));
      case RateCurve.Ramp ramp -> append("ramp", ramp(ramp));
      case RateCurve.Steps steps ->
          load.put("steps", steps.steps().stream().map(LoadText::step).toList());
    }
  }

  private static Map<String, Object> ramp(RateCurve.Ramp ramp) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("shape", ramp.shape().text());
    map.put("from", PlanText.number(ramp.from()));
    map.put("to", PlanText.number(ramp.to()));
    return map;
  }

  private static Map<String, Object> step(RateCurve.Step step) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rate", PlanText.number(step.from()));
    map.put("to", PlanText.number(step.to()));
    map.put("for", PlanText.duration(step.length()));
    return map;
  }

  void process(ArrivalProcess process) {
    load.put("arrivals", process.text());
    if (process instanceof ArrivalProcess.Gamma(double burstiness)) {
      load.put("burstiness", PlanText.number(burstiness));
    }
  }

  private void play(Play play) {
    if (play.length() != null) {
      load.put("duration", PlanText.duration(play.length()));
    }
    if (!play.thinkTime().isNone()) {
      load.put("think-time", play.thinkTime().text());
    }
    if (play.passes() > 1) {
      load.put("passes", play.passes());
      load.put("pause", PlanText.duration(play.pause()));
    }
  }

  private void put(String key, @org.jspecify.annotations.Nullable Object value) {
    if (value != null) {
      load.put(key, value);
    }
  }

  @SuppressWarnings("unchecked")
  private void append(String key, Object value) {
    ((List<Object>) load.computeIfAbsent(key, _ -> new ArrayList<>())).add(value);
  }
}
