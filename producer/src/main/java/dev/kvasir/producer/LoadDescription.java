package dev.kvasir.producer;

import dev.kvasir.event.Load;
import dev.kvasir.event.LoadKind;
import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.arrival.RateCurve;
import dev.kvasir.producer.arrival.ThinkTime;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.plan.RunSpec;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says everything about a run's load that its first event holds. */
final class LoadDescription {

  private final Load.Builder load;
  private final Map<String, String> options = new TreeMap<>();

  private LoadDescription(LoadKind kind, @Nullable Integer concurrency) {
    this.load = Load.newBuilder().setKind(kind).setConcurrency(concurrency);
  }

  static Load of(RunSpec run) {
    LoadDescription description =
        switch (run.load()) {
          case LoadPoint.Open open -> open(open);
          case LoadPoint.Closed closed -> closed(closed);
          case LoadPoint.Bursts bursts -> bursts(bursts);
        };
    description.play(run.play());
    return description.load.setOptions(description.options).build();
  }

  private static LoadDescription open(LoadPoint.Open open) {
    LoadDescription description = new LoadDescription(LoadKind.OPEN, open.maxInFlight());
    switch (open.timing()) {
      case Timing.Rated rated -> description.rated(rated);
      case Timing.Traced(double speed) -> {
        description.load.setArrivals("trace");
        description.option("speed", speed);
      }
      case Timing.Listed listed -> {
        description.load.setArrivals("schedule");
        description.option("schedule", listed.name());
      }
    }
    return description;
  }

  private static LoadDescription closed(LoadPoint.Closed closed) {
    LoadDescription description = new LoadDescription(LoadKind.CLOSED, closed.concurrency());
    if (closed.starts() != null) {
      description.rated(closed.starts());
      description.option("starts", closed.starts().process().text());
    }
    description.load.setArrivals("closed");
    return description;
  }

  private static LoadDescription bursts(LoadPoint.Bursts bursts) {
    LoadDescription description = new LoadDescription(LoadKind.CLOSED, bursts.size());
    description.load.setArrivals("bursts");
    if (bursts.rounds() != null) {
      description.option("rounds", bursts.rounds());
    }
    return description;
  }

  private void rated(Timing.Rated rated) {
    load.setArrivals(rated.isAllAtOnce() ? "all-at-once" : rated.process().text());
    load.setBurstiness(rated.isAllAtOnce() ? null : burstiness(rated.process()));
    switch (rated.curve()) {
      case RateCurve.Fixed(double rate) -> load.setRate(rate);
      case RateCurve.Ramp ramp -> {
        load.setArrivals("ramp");
        option("gaps", rated.process().text());
        option("shape", ramp.shape().text());
        option("from", ramp.from());
        option("to", ramp.to());
      }
      case RateCurve.Steps steps -> {
        load.setArrivals("steps");
        option("gaps", rated.process().text());
        option("steps", steps.text());
        load.setDurationNanos(steps.length().toNanos());
      }
    }
  }

  private static @Nullable Double burstiness(ArrivalProcess process) {
    return switch (process) {
      case ArrivalProcess.Constant() -> null;
      case ArrivalProcess.Poisson() -> (Double) 1.0;
      case ArrivalProcess.Gamma(double burstiness) -> (Double) burstiness;
    };
  }

  private void play(Play play) {
    if (play.length() != null) {
      load.setDurationNanos(play.length().toNanos());
    }
    ThinkTime thinkTime = play.thinkTime();
    if (!thinkTime.isNone() && thinkTime.isFixed()) {
      option("think-time-ns", thinkTime.min().toNanos());
    } else if (!thinkTime.isNone()) {
      option("think-time", thinkTime.text());
    }
    if (!play.pause().isZero()) {
      option("pause-ns", play.pause().toNanos());
    }
  }

  private void option(String name, Object value) {
    options.put(name, String.valueOf(value));
  }
}
