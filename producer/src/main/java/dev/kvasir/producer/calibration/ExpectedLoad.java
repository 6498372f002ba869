package dev.kvasir.producer.calibration;

import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.RateCurve;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.workload.TokenRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a load point asks of the client, as far as a plan says it.
 *
 * @param loadPoint load point
 * @param tokensPerSecond output tokens per second once the server keeps up; null when unknown
 * @param streams answers at the same time, at most; null when the server decides
 */
record ExpectedLoad(String loadPoint, @Nullable Double tokensPerSecond, @Nullable Integer streams) {

  /** The load points of a plan, each once. */
  static List<ExpectedLoad> of(Plan plan) {
    TokenRange output = plan.workload().outputTokens();
    Map<String, ExpectedLoad> loads = new LinkedHashMap<>();
    for (RunSpec run : Matrix.of(plan).runs()) {
      loads.computeIfAbsent(run.loadPoint(), text -> of(text, run, output));
    }
    return List.copyOf(loads.values());
  }

  private static ExpectedLoad of(String text, RunSpec run, @Nullable TokenRange output) {
    return switch (run.load()) {
      case LoadPoint.Open open -> new ExpectedLoad(text, tokens(open, output), open.maxInFlight());
      case LoadPoint.Closed closed -> new ExpectedLoad(text, null, closed.concurrency());
      case LoadPoint.Bursts bursts -> new ExpectedLoad(text, null, bursts.size());
    };
  }

  private static @Nullable Double tokens(LoadPoint.Open open, @Nullable TokenRange output) {
    if (output == null
        || !(open.timing() instanceof Timing.Rated(_, RateCurve.Fixed(double rate)))
        || Double.isInfinite(rate)) {
      return null;
    }
    return rate * output.mean();
  }
}
