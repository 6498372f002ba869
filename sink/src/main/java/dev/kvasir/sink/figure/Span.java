package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How far the axes reach, and where the infinite rate stands: detached, right of the finite ones.
 *
 * @param left where the horizontal axis begins
 * @param finite the largest finite place
 * @param right where the axis ends
 * @param top the highest mark or error bar
 * @param detachedAt where an infinite value stands; null if there is none
 * @param deviation whether error bars are cut at zero and drawn
 */
record Span(
    double left,
    double finite,
    double right,
    double top,
    @Nullable Double detachedAt,
    boolean deviation) {

  private static final double ROOM = 1.05;

  static Span of(List<Mark> marks, FigureRequest request) {
    Double least = request.xMin();
    Double most = request.xMax();
    double left = least == null ? 0 : least;
    double finite =
        most != null
            ? most
            : greatest(marks, mark -> mark.x() == null || mark.isDetached() ? 0 : mark.x());
    boolean detached = marks.stream().anyMatch(Mark::isDetached) && most == null;
    double width = finite - left == 0 ? 1 : finite - left;
    Double detachedAt = detached ? (Double) (finite + width * 0.16) : null;
    double right = detached ? finite + width * 0.24 : left + width * ROOM;
    boolean deviation = request.errors() == FigureRequest.Errors.CI;
    double heights =
        greatest(
            marks,
            mark -> {
              boolean isInside = mark.x() == null || mark.isDetached() || mark.x() <= right;
              Double high = mark.high();
              double bar = high == null || request.errors() == FigureRequest.Errors.NONE ? 0 : high;
              return isInside ? Math.max(mark.y(), Math.min(bar, 2.5 * mark.y())) : 0;
            });
    return new Span(left, finite, right, heights == 0 ? 1 : heights * ROOM, detachedAt, deviation);
  }

  private static double greatest(List<Mark> marks, ToDoubleFunction<Mark> size) {
    return marks.stream().mapToDouble(size).max().orElse(0);
  }

  double width() {
    return right - left;
  }

  /** Where the line between finite and infinite stands. */
  double divider() {
    Double at = detachedAt;
    return at == null ? right : (finite + at) / 2;
  }

  Double place(Mark mark) {
    Double x = mark.x();
    if (x == null) {
      return 0.0;
    }
    Double at = detachedAt;
    return mark.isDetached() ? (at == null ? right * 2 : at) : x;
  }

  /** The lower end of an error bar, not below zero. */
  @Nullable Double low(Mark mark) {
    Double low = mark.low();
    return low == null ? null : (Double) Math.max(0, low);
  }

  @Nullable Double high(Mark mark) {
    return mark.high();
  }

  /** Round places on the finite part, and the detached one. */
  List<Double> breaks() {
    List<Double> breaks = new ArrayList<>();
    double step = step(finite - left, 5);
    for (double at = Math.ceil(left / step) * step; at <= finite * 1.0001; at += step) {
      breaks.add(at);
    }
    Double at = detachedAt;
    if (at != null) {
      breaks.add(at);
    }
    return breaks;
  }

  List<String> labels() {
    List<Double> breaks = breaks();
    List<String> labels = new ArrayList<>();
    for (Double at : breaks) {
      boolean isDetached = detachedAt != null && at.equals(detachedAt);
      labels.add(isDetached ? "inf" : text(at));
    }
    return labels;
  }

  private static String text(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.4g", value).replaceFirst("0+$", "").replaceFirst("\\.$", "");
  }

  /** A step of 1, 2 or 5 times a power of ten. */
  private static double step(double width, int parts) {
    double raw = (width == 0 ? 1 : width) / parts;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double first = raw / power;
    return power * (first <= 1 ? 1 : first <= 2 ? 2 : first <= 5 ? 5 : 10);
  }
}
