package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the load points of a plan. */
final class LoadReader {

  static final List<String> KEYS =
      List.of("rates", "arrivals", "burstiness", "max-in-flight", "concurrency");

  private static final Value<Double> BURSTINESS =
      new Value<>(
          "above 0, where 1 is Poisson and inf is constant",
          text -> Value.RATE.parser().apply(text));

  private enum Kind {
    POISSON,
    CONSTANT,
    GAMMA
  }

  private static final Value<Kind> KIND =
      Value.oneOf(Kind.values(), kind -> kind.name().toLowerCase(Locale.ROOT));

  private LoadReader() {}

  static List<LoadPoint> read(Section load) {
    Integer cap = load.value("max-in-flight", Value.atLeast(1));
    ArrivalProcess process = process(load);
    Map<String, LoadPoint> points = new LinkedHashMap<>();
    List<LoadPoint> all = new ArrayList<>();
    load.values("rates", Value.RATE)
        .forEach(rate -> all.add(new LoadPoint.Open(process, rate, cap)));
    load.values("concurrency", Value.atLeast(1))
        .forEach(concurrency -> all.add(new LoadPoint.Closed(concurrency)));
    for (LoadPoint point : all) {
      if (points.putIfAbsent(point.text(), point) != null) {
        String key = point instanceof LoadPoint.Open ? "rates" : "concurrency";
        load.add(key, "%s is given twice".formatted(point.text()), "repeat runs with `repeats`");
      }
    }
    refuseWhatDoesNotFit(load);
    return List.copyOf(points.values());
  }

  private static void refuseWhatDoesNotFit(Section load) {
    if (!load.has("rates") && !load.has("concurrency")) {
      load.add(
          "rates",
          "there is no load: %s and %s are missing"
              .formatted(load.name("rates"), load.name("concurrency")),
          "give at least one rate, " + Value.RATE.expected());
    }
    if (!load.has("rates")) {
      String why = "leave it out: it spaces requests, and there are no rates";
      load.refuse("arrivals", why);
      load.refuse("burstiness", why);
      load.refuse("max-in-flight", "leave it out: without rates, concurrency is the limit");
    }
  }

  private static ArrivalProcess process(Section load) {
    Double burstiness = load.value("burstiness", BURSTINESS);
    Kind kind = load.value("arrivals", KIND);
    if (kind == null) {
      kind = burstiness == null ? Kind.POISSON : Kind.GAMMA;
    }
    if (kind != Kind.GAMMA) {
      load.refuse("burstiness", "leave it out, or set arrivals to gamma");
    } else if (!load.has("burstiness")) {
      load.add(
          "arrivals",
          "arrivals are gamma and %s is missing".formatted(load.name("burstiness")),
          "give a number " + BURSTINESS.expected());
    }
    return switch (kind) {
      case POISSON -> new ArrivalProcess.Poisson();
      case CONSTANT -> new ArrivalProcess.Constant();
      case GAMMA -> gamma(burstiness);
    };
  }

  private static ArrivalProcess gamma(@Nullable Double burstiness) {
    if (burstiness == null || burstiness == 1) {
      return new ArrivalProcess.Poisson();
    }
    return Double.isInfinite(burstiness)
        ? new ArrivalProcess.Constant()
        : new ArrivalProcess.Gamma(burstiness);
  }
}
