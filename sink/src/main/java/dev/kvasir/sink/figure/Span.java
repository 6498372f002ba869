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
 */
record Span(double left, double finite, double right, double top, @Nullable Double detachedAt) {

  private static final double ROOM = 1.05;

  static Span of(List<Mark> marks, FigureRequest request) {
    Double least = request.xMin();
    return of(marks, least == null ? 0 : least, request.xMax());
  }

  /** Of marks that lie on logarithmic axes. */
  static Span of(List<Mark> marks, LogAxes axes) {
    return of(marks, axes.left(), axes.right());
  }

  private static Span of(List<Mark> marks, double left, @Nullable Double most) {
    double finite =
        most != null
            ? most
            : marks.stream()
                .mapToDouble(mark -> mark.x() == null || mark.isDetached() ? left : mark.x())
                .max()
                .orElse(left);
    boolean detached = marks.stream().anyMatch(Mark::isDetached) && most == null;
    double width = finite - left == 0 ? 1 : finite - left;
    Double detachedAt = detached ? (Double) (finite + width * 0.16) : null;
    double right = detached ? finite + width * 0.24 : left + width * ROOM;
    double top = greatest(marks, mark -> height(mark, right));
    return new Span(left, finite, right, top <= 0 ? 1 : top * ROOM, detachedAt);
  }

  /** Of bars of categories, which stand at 0, 1, 2, …; an axis of shares ends above 100. */
  static Span ofCategories(int categories, double top, boolean percent) {
    double height = top <= 0 ? 1 : top * ROOM;
    return new Span(
        -0.55,
        categories - 0.45,
        categories - 0.45,
        percent ? Math.min(100 * ROOM, height) : height,
        null);
  }

  /** The height that a mark inside the axis needs. */
  private static double height(Mark mark, double right) {
    boolean isInside = mark.x() == null || mark.isDetached() || mark.x() <= right;
    return isInside ? mark.reach() : 0;
  }

  private static double greatest(List<Mark> marks, ToDoubleFunction<Mark> size) {
    return marks.stream().mapToDouble(size).max().orElse(0);
  }

  /** The same, at least so high. */
  Span upTo(double height) {
    return new Span(left, finite, right, Math.max(top, height), detachedAt);
  }

  /** The same, at most so high. */
  Span downTo(double height) {
    return new Span(left, finite, right, Math.min(top, height), detachedAt);
  }

  double width() {
    return right - left;
  }

  /** Where the line between finite and infinite stands. */
  double divider() {
    Double at = detachedAt;
    return at == null ? right : (finite + at) / 2;
  }

  double place(Mark mark) {
    Double x = mark.x();
    Double at = detachedAt;
    if (x == null) {
      return 0;
    }
    return mark.isDetached() ? (at == null ? right + width() : at) : x;
  }

  /**
   * Round places on the finite part of the horizontal axis, and the detached one.
   *
   * @param beside whether another panel follows, whose numbers the last one must not touch
   */
  Ticks across(double pixels, boolean beside) {
    double label = Math.max(50, 16 + 6.2 * text(finite).length());
    List<Double> at = round(left, finite, (int) Math.max(2, Math.min(6, pixels / label)));
    if (beside && at.size() > 2 && at.getLast() > right - 0.12 * width()) {
      at.removeLast();
    }
    List<String> labels = new ArrayList<>(at.stream().map(Span::text).toList());
    Double detached = detachedAt;
    if (detached != null) {
      at.add(detached);
      labels.add("inf");
    }
    return new Ticks(at, labels);
  }

  /** Round places on the vertical axis up to the highest mark; a share ends at 100. */
  Ticks up(double pixels, boolean percent) {
    double end = percent ? Math.min(top, 100) : top;
    List<Double> at = round(0, end, (int) Math.max(2, Math.min(6, pixels / 32)));
    return new Ticks(at, at.stream().map(Span::text).toList());
  }

  /** Evenly spaced round numbers, about so many. */
  static List<Double> round(double from, double to, int parts) {
    List<Double> places = new ArrayList<>();
    double step = step(to - from, parts);
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-6; i++) {
      places.add(i * step);
    }
    return places;
  }

  static String text(double value) {
    if (Math.abs(value - Math.rint(value)) < 1e-9) {
      return String.format(Locale.ROOT, "%,d", Math.round(value));
    }
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(3))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** A step of 1, 2 or 5 times a power of ten. */
  private static double step(double width, int parts) {
    double raw = (width <= 0 ? 1 : width) / parts;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double first = raw / power;
    return power * (first <= 1 ? 1 : first <= 2 ? 2 : first <= 5 ? 5 : 10);
  }
}
