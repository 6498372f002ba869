package dev.kvasir.streams.alert;

import dev.kvasir.event.WindowMeasured;
import org.jspecify.annotations.Nullable;

/**
 * How far a metric has moved since a run's first full window: {@code <metric>_drift} is its value
 * as a multiple of the one then. Any other metric is itself. Owned by one thread.
 */
final class Drift {

  private static final String ENDING = "_drift";
  private static final long NONE = Long.MIN_VALUE;

  private final String metric;
  private final boolean relative;
  private long firstEnd;
  private double base;

  private Drift(String metric, boolean relative, long firstEnd, double base) {
    this.metric = metric;
    this.relative = relative;
    this.firstEnd = firstEnd;
    this.base = base;
  }

  /** The drift of a metric by its name, before the first window. */
  static Drift of(String name) {
    return restored(name, NONE, Double.NaN);
  }

  /** What {@link #firstEnd} and {@link #base} told. */
  static Drift restored(String name, long firstEnd, double base) {
    boolean relative = name.endsWith(ENDING);
    String metric = relative ? name.substring(0, name.length() - ENDING.length()) : name;
    return new Drift(metric, relative, firstEnd, base);
  }

  /** The metric that moves. */
  String metric() {
    return metric;
  }

  /** End of the first window with a value, epoch seconds. */
  long firstEnd() {
    return firstEnd;
  }

  /** The value in the first full window; not a number before it. */
  double base() {
    return base;
  }

  /** Whether the first full window is still to come. */
  boolean isUnknown() {
    return relative && Double.isNaN(base);
  }

  /** What is judged of a window; null while nothing can be said. */
  @Nullable Double of(@Nullable Double value, WindowMeasured window) {
    if (!relative || value == null) {
      return value;
    }
    if (firstEnd == NONE) {
      firstEnd = window.getEndSecond();
    }
    boolean full = window.getEndSecond() - firstEnd >= window.getSeconds();
    if (Double.isNaN(base) && full && value > 0) {
      base = value;
    }
    return Double.isNaN(base) ? null : Double.valueOf(value / base);
  }
}
