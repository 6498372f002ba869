package dev.kvasir.producer.arrival;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How many requests a second are asked for, over a run. */
public sealed interface RateCurve {

  /** The curve as a short text of the characters {@code a-z 0-9 . = - _}. */
  String text();

  /**
   * The same rate throughout.
   *
   * @param rate requests per second, above 0; +Infinity is everything at once
   */
  record Fixed(double rate) implements RateCurve {
    public Fixed {
      if (!(rate > 0)) {
        throw new IllegalArgumentException("rate is " + rate + "; it must be above 0");
      }
    }

    @Override
    public String text() {
      return "rate=" + PlainNumber.of(rate);
    }
  }

  /** How a rate goes from one value to another. */
  enum Shape {
    /** By equal differences. */
    LINEAR,
    /** By equal ratios. */
    EXPONENTIAL;

    /** The name that plans use. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A rate that changes from request to request, as vLLM's benchmark ramps it: request i of n has
   * the rate at i / (n − 1) of the way.
   *
   * @param shape how the rate goes from one value to the other
   * @param from rate of the first request, per second, above 0 and finite
   * @param to rate of the last request, per second, above 0 and finite
   */
  record Ramp(Shape shape, double from, double to) implements RateCurve {
    public Ramp {
      mustBeFinite(from);
      mustBeFinite(to);
    }

    /** The rate of request {@code index} of {@code requests}. */
    double rate(int index, int requests) {
      double progress = (double) index / Math.max(requests - 1, 1);
      return switch (shape) {
        case LINEAR -> from + (to - from) * progress;
        case EXPONENTIAL -> from * StrictMath.pow(to / from, progress);
      };
    }

    @Override
    public String text() {
      String kind = shape == Shape.LINEAR ? "ramp=" : "ramp-exp=";
      return kind + PlainNumber.of(from) + ".." + PlainNumber.of(to);
    }
  }

  /**
   * A stretch of time with a rate of its own, which may change evenly from its start to its end.
   *
   * @param from rate at its start, per second, finite and not below 0
   * @param to rate at its end, per second, finite and not below 0
   * @param length how long it lasts, above 0
   */
  record Step(double from, double to, Duration length) {
    public Step {
      if (!(from >= 0) || !(to >= 0) || Double.isInfinite(from) || Double.isInfinite(to)) {
        throw new IllegalArgumentException(
            "a step from %s to %s requests per second; both must be finite and not below 0"
                .formatted(from, to));
      }
      if (length.isZero() || length.isNegative()) {
        throw new IllegalArgumentException("a step of " + length + "; it must last above 0 s");
      }
    }

    double seconds() {
      return length.toNanos() / 1e9;
    }

    /** Requests that it asks for. */
    double requests() {
      return seconds() * (from + to) / 2;
    }

    /** Seconds from its start until it has asked for so many requests. */
    double secondsUntil(double requests) {
      double slope = (to - from) / seconds();
      double root = StrictMath.sqrt(Math.max(0, from * from + 2 * slope * requests));
      return requests == 0 ? 0 : Math.min(seconds(), 2 * requests / (from + root));
    }

    String text() {
      String rates =
          from == to ? PlainNumber.of(from) : PlainNumber.of(from) + ".." + PlainNumber.of(to);
      return rates + "x" + PlainNumber.of(seconds()) + "s";
    }
  }

  /**
   * Stretches of time, one after the other. They decide how many requests there are.
   *
   * @param steps at least one, which together ask for at least one request
   */
  record Steps(List<Step> steps) implements RateCurve {

    private static final double MOST_REQUESTS = 100e6;
    private static final int SHORT = 3;

    public Steps {
      steps = List.copyOf(steps);
      double requests = steps.stream().mapToDouble(Step::requests).sum();
      if (!(requests >= 0.5) || requests > MOST_REQUESTS) {
        throw new IllegalArgumentException(
            "the steps ask for %s requests; it must be 1 to 100,000,000".formatted(requests));
      }
    }

    /** Requests that the steps ask for, to the nearest whole. */
    public int requests() {
      return (int) Math.round(steps.stream().mapToDouble(Step::requests).sum());
    }

    /** Requests per second over all of them. */
    public double meanRate() {
      return steps.stream().mapToDouble(Step::requests).sum() / (length().toNanos() / 1e9);
    }

    /** How long they last together. */
    public Duration length() {
      return steps.stream().map(Step::length).reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public String text() {
      if (steps.size() <= SHORT) {
        return steps.stream().map(Step::text).collect(Collectors.joining("_", "steps=", ""));
      }
      String all = steps.stream().map(Step::text).collect(Collectors.joining("_"));
      return "steps=%d-%08x".formatted(steps.size(), all.hashCode());
    }
  }

  private static void mustBeFinite(double rate) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "a ramp's rate is " + rate + "; it must be above 0 and finite");
    }
  }
}
