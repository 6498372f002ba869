package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Play;
import dev.kvasir.producer.arrival.RateCurve;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.arrival.ThinkTime;
import dev.kvasir.producer.arrival.Timing;
import dev.kvasir.producer.workload.Datasets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the load points of a plan. */
final class LoadReader {

  static final List<String> KEYS =
      List.of(
          "rates",
          "ramp",
          "steps",
          "trace-speed",
          "schedule",
          "arrivals",
          "burstiness",
          "max-in-flight",
          "concurrency",
          "max-rate",
          "burst",
          "rounds",
          "think-time",
          "duration",
          "passes",
          "pause",
          "prompts");

  /** The keys that make load points. */
  static final List<String> POINTS =
      List.of("rates", "ramp", "steps", "trace-speed", "schedule", "concurrency", "burst");

  private static final List<String> OPEN_POINTS =
      List.of("rates", "ramp", "steps", "trace-speed", "schedule");
  private static final double MOST_REQUESTS = 100e6;
  private static final double MOST_LISTED = 1e6;
  private static final List<String> SPACED = List.of("rates", "ramp", "steps", "max-rate");

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

  /**
   * What a plan says about its load.
   *
   * @param points load points, in their order
   * @param play how each is played
   * @param promptsAt prompts of single cells, where they are not the workload's
   * @param process how gaps are spread
   * @param maxInFlight cap on requests in flight in open loops; null for none
   */
  record Loads(
      List<LoadPoint> points,
      Play play,
      CellPrompts promptsAt,
      ArrivalProcess process,
      @Nullable Integer maxInFlight) {}

  private final Section load;
  private final RateReader rates;
  private final ScheduleReader schedules;
  private final List<Variant> variants;
  private final boolean searched;

  private LoadReader(
      Section load,
      Datasets datasets,
      Problems problems,
      List<Variant> variants,
      boolean searched) {
    this.load = load;
    this.rates = new RateReader(load, datasets, problems);
    this.schedules = new ScheduleReader(load, datasets);
    this.variants = variants;
    this.searched = searched;
  }

  /**
   * Reads the load points.
   *
   * @param variants whom they meet
   * @param searched whether a search finds the rates
   */
  static Loads read(
      Section load,
      Datasets datasets,
      Problems problems,
      List<Variant> variants,
      boolean searched) {
    return new LoadReader(load, datasets, problems, variants, searched).read();
  }

  private Loads read() {
    Integer cap = load.value("max-in-flight", Value.atLeast(1));
    ArrivalProcess process = process();
    Map<String, LoadPoint> points = new LinkedHashMap<>();
    open(process, cap).forEach(point -> add(points, "rates", point));
    closed(process).forEach(point -> add(points, "concurrency", point));
    bursts().forEach(point -> add(points, "burst", point));
    Play play = play();
    refuseWhatDoesNotFit();
    refuseLength(points.values(), play);
    refuseTooMany(points.values(), play);
    CellPrompts promptsAt = PromptsAt.read(load, points.keySet(), variants);
    return new Loads(List.copyOf(points.values()), play, promptsAt, process, cap);
  }

  private void add(Map<String, LoadPoint> points, String key, LoadPoint point) {
    if (points.putIfAbsent(point.text(), point) != null) {
      load.add(key, "%s is given twice".formatted(point.text()), "repeat runs with `repeats`");
    }
  }

  private List<LoadPoint> open(ArrivalProcess process, @Nullable Integer cap) {
    List<Timing> timings = new ArrayList<>();
    List<RateCurve> curves = new ArrayList<>();
    load.values("rates", Value.RATE).forEach(rate -> curves.add(new RateCurve.Fixed(rate)));
    curves.addAll(rates.ramps());
    RateCurve steps = rates.steps();
    if (steps != null) {
      curves.add(steps);
    }
    curves.forEach(curve -> timings.add(new Timing.Rated(process, curve)));
    load.values("trace-speed", RateReader.FACTOR)
        .forEach(speed -> timings.add(new Timing.Traced(speed)));
    timings.addAll(schedules.read());
    return timings.stream().map(timing -> (LoadPoint) new LoadPoint.Open(timing, cap)).toList();
  }

  private List<LoadPoint> closed(ArrivalProcess process) {
    Double rate = load.value("max-rate", RateReader.FINITE);
    Timing.Rated starts =
        rate == null ? null : new Timing.Rated(process, new RateCurve.Fixed(rate));
    return load.values("concurrency", Value.atLeast(1)).stream()
        .map(users -> (LoadPoint) new LoadPoint.Closed(users, starts))
        .toList();
  }

  private List<LoadPoint> bursts() {
    Integer rounds = load.value("rounds", Value.atLeast(1));
    return load.values("burst", Value.atLeast(1)).stream()
        .map(size -> (LoadPoint) new LoadPoint.Bursts(size, rounds))
        .toList();
  }

  private Play play() {
    int passes = load.valueOr("passes", Value.atLeast(1), 1);
    Duration pause = load.valueOr("pause", Value.DURATION, Duration.ZERO);
    if (passes == 1) {
      load.refuse("pause", "leave it out: it lies between passes, and there is only one");
    }
    return new Play(
        passes,
        pause,
        load.value("duration", Value.LENGTH),
        load.valueOr("think-time", Value.THINK_TIME, ThinkTime.NONE));
  }

  private void refuseWhatDoesNotFit() {
    if (!searched && POINTS.stream().noneMatch(load::has)) {
      load.add(
          "rates",
          "there is no load: %s and %s are missing"
              .formatted(load.name("rates"), load.name("concurrency")),
          "give at least one rate, " + Value.RATE.expected());
    }
    if (searched) {
      POINTS.forEach(key -> load.refuse(key, "leave it out: the search chooses the rates"));
    }
    if (!searched && SPACED.stream().noneMatch(load::has)) {
      String why = "leave it out: it spaces requests, and there are no rates";
      load.refuse("arrivals", why);
      load.refuse("burstiness", why);
    }
    if (!searched && OPEN_POINTS.stream().noneMatch(load::has)) {
      load.refuse("max-in-flight", "leave it out: without rates, concurrency is the limit");
    }
    if (!load.has("concurrency")) {
      load.refuse("max-rate", "leave it out: it keeps the requests of a closed loop apart");
    }
    if (!load.has("burst")) {
      load.refuse("rounds", "leave it out: bursts have rounds, and there are none");
    }
  }

  /** Notes that a load which ends by itself was given a length. */
  private void refuseLength(Iterable<LoadPoint> points, Play play) {
    if (play.length() == null) {
      return;
    }
    for (LoadPoint point : points) {
      String why =
          switch (point) {
            case LoadPoint.Bursts _ -> "its rounds say when it ends";
            case LoadPoint.Closed _ ->
                play.passes() > 1 ? "a pass of it sends as many prompts as it can" : "";
            case LoadPoint.Open(Timing.Rated rated, _) -> endOf(rated);
            case LoadPoint.Open _ -> "";
          };
      if (!why.isEmpty()) {
        load.add(
            "duration",
            "%s is given for %s".formatted(load.name("duration"), point.text()),
            "leave it out: " + why);
      }
    }
  }

  /** Notes loads that ask for more requests than can be counted, or listed with their prompts. */
  private void refuseTooMany(Iterable<LoadPoint> points, Play play) {
    Duration length = play.length();
    boolean listed = length == null || play.passes() > 1;
    for (LoadPoint point : points) {
      double requests =
          switch (point) {
            case LoadPoint.Open(Timing.Rated rated, _) when length != null ->
                meanRate(rated.curve()) * length.toSeconds();
            case LoadPoint.Open(Timing.Rated(_, RateCurve.Steps steps), _) -> steps.requests();
            case LoadPoint.Open(Timing.Listed(_, _, Schedule times), _) when length != null ->
                times.size() * Math.max(1, length.toNanos() / (times.lastDueNanos() + 1.0));
            case LoadPoint.Open _, LoadPoint.Closed _, LoadPoint.Bursts _ -> 0;
          };
      if (requests > (listed ? MOST_LISTED : MOST_REQUESTS) && !Double.isInfinite(requests)) {
        load.add(
            length == null ? "steps" : "duration",
            String.format(Locale.ROOT, "%s asks for %,.0f requests", point.text(), requests),
            listed
                ? "at most 1,000,000, or a `duration` and one pass: its prompts are sent again"
                : "at most 100,000,000");
      }
    }
  }

  private static double meanRate(RateCurve curve) {
    return switch (curve) {
      case RateCurve.Fixed(double rate) -> rate;
      case RateCurve.Ramp(_, double from, double to) -> (from + to) / 2;
      case RateCurve.Steps steps -> steps.meanRate();
    };
  }

  /** Why a timing has an end of its own; empty when it has none. */
  private static String endOf(Timing.Rated rated) {
    return switch (rated.curve()) {
      case RateCurve.Ramp _ -> "its prompts say when it ends (steps can ramp over a time)";
      case RateCurve.Steps _ -> "";
      case RateCurve.Fixed _ -> rated.isAllAtOnce() ? "everything is sent at once" : "";
    };
  }

  private ArrivalProcess process() {
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
