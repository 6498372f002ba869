package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.RateCurve;
import dev.kvasir.producer.workload.Datasets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rates that change during a run. */
final class RateReader {

  static final List<String> RAMP_KEYS = List.of("shape", "from", "to");
  static final List<String> STEP_KEYS = List.of("rate", "to", "for");

  static final Value<Double> FINITE =
      new Value<>("above 0 requests per second", RateReader::aboveZero);
  static final Value<Double> FACTOR = new Value<>("a number above 0", RateReader::aboveZero);

  private static final Value<RateCurve.Shape> SHAPE =
      Value.oneOf(RateCurve.Shape.values(), RateCurve.Shape::text);
  private static final Value<Double> STEP_RATE =
      new Value<>(
          "a number of requests per second of at least 0",
          text -> {
            Double rate = Value.NUMBER.parser().apply(text);
            return rate == null || rate < 0 ? null : rate;
          });

  private final Section load;
  private final Datasets datasets;
  private final Problems problems;

  RateReader(Section load, Datasets datasets, Problems problems) {
    this.load = load;
    this.datasets = datasets;
    this.problems = problems;
  }

  private static @Nullable Double aboveZero(String text) {
    Double number = Value.NUMBER.parser().apply(text);
    return number == null || number <= 0 ? null : number;
  }

  /** The ramps: one, or a list of them. */
  List<RateCurve> ramps() {
    PlanNode node = load.node("ramp");
    if (node == null) {
      return List.of();
    }
    List<PlanNode> nodes = node instanceof PlanNode.Items(_, var items) ? items : List.of(node);
    List<RateCurve> ramps = new ArrayList<>();
    for (PlanNode each : nodes) {
      Section ramp = Section.of(load.path("ramp"), each, RAMP_KEYS, problems);
      RateCurve.Shape shape = ramp.valueOr("shape", SHAPE, RateCurve.Shape.LINEAR);
      Double from = ramp.required("from", FINITE);
      Double to = ramp.required("to", FINITE);
      if (from != null && to != null) {
        ramps.add(new RateCurve.Ramp(shape, from, to));
      }
    }
    return ramps;
  }

  /** The steps, from the plan or from a file of their own; null when there are none. */
  @Nullable RateCurve steps() {
    PlanNode node = load.node("steps");
    if (node instanceof PlanNode.Scalar(_, String file, _)) {
      node = file(file);
    }
    if (node == null) {
      return null;
    }
    if (!(node instanceof PlanNode.Items(_, List<PlanNode> items)) || items.isEmpty()) {
      problems.add(
          node.where(),
          "%s is %s".formatted(load.name("steps"), node.describe()),
          "it must be a list of steps such as {rate: 5, for: 30s}, or a file that holds one");
      return null;
    }
    return steps(items);
  }

  private @Nullable RateCurve steps(List<PlanNode> items) {
    List<RateCurve.Step> steps = new ArrayList<>();
    for (PlanNode item : items) {
      Section section = Section.of(load.path("steps"), item, STEP_KEYS, problems);
      Double rate = section.required("rate", STEP_RATE);
      Double to = section.value("to", STEP_RATE);
      Duration length = section.required("for", Value.LENGTH);
      if (rate != null && length != null) {
        steps.add(new RateCurve.Step(rate, to == null ? rate : to, length));
      }
    }
    if (steps.size() < items.size()) {
      return null;
    }
    try {
      return new RateCurve.Steps(steps);
    } catch (IllegalArgumentException e) {
      load.add("steps", String.valueOf(e.getMessage()), "change their rates or lengths");
      return null;
    }
  }

  private @Nullable PlanNode file(String file) {
    if (!datasets.readable(file)) {
      load.add(
          "steps",
          "%s is %s, and there is no such file at %s"
              .formatted(load.name("steps"), file, datasets.resolve(file)),
          "give a list of steps, or the path of a file that holds one");
      return null;
    }
    try (InputStream bytes = datasets.open(file)) {
      return YamlTree.read(
          file, new String(bytes.readAllBytes(), StandardCharsets.UTF_8), problems);
    } catch (IOException e) {
      load.add("steps", "%s cannot be read: %s".formatted(file, e.getMessage()), "mend the file");
      return null;
    }
  }
}
