package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Logarithmic axes: a mark lies at the logarithms (base 10) of what it stands for, its height
 * counted from the panel's lower edge. Shares stay on a linear axis, which has a zero.
 *
 * @param left where the horizontal axis begins, a logarithm
 * @param right where the one that is asked for ends, a logarithm; null for the marks' end
 * @param floor the logarithm at the panel's lower edge
 * @param shares whether heights are shares
 */
record LogAxes(double left, @Nullable Double right, double floor, boolean shares) {

  /** Share of the marks' range that is left free beside and below them. */
  private static final double AIR = 0.06;

  private static final double LETTER = 6.2;
  private static final double LINE = 16;

  /** What is written in every decade, the fullest first. */
  private static final List<List<Integer>> DECADES =
      List.of(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), List.of(1, 2, 5), List.of(1, 3), List.of(1));

  static LogAxes of(List<Mark> marks, FigureRequest request, boolean shares) {
    List<Mark> finite = marks.stream().filter(mark -> !mark.isDetached()).toList();
    Double least = request.xMin();
    Double most = request.xMax();
    return new LogAxes(
        least == null ? beginning(finite, LogAxes::across) : Math.log10(least),
        most == null ? null : (Double) Math.log10(most),
        shares ? 0 : beginning(marks, mark -> Math.log10(mark.y())),
        shares);
  }

  /** Whether a mark can stand on such axes. */
  static boolean holds(Mark mark, boolean shares) {
    Double x = mark.x();
    return x != null && x > 0 && (shares || mark.y() > 0);
  }

  private static double across(Mark mark) {
    Double x = mark.x();
    return x == null ? 0 : Math.log10(x);
  }

  /** A little below the smallest. */
  private static double beginning(List<Mark> marks, ToDoubleFunction<Mark> size) {
    double least = marks.stream().mapToDouble(size).min().orElse(0);
    double most = marks.stream().mapToDouble(size).max().orElse(1);
    return least - AIR * (most > least ? most - least : 1);
  }

  /** A mark as it lies on these axes. */
  Mark place(Mark mark) {
    Double low = mark.low();
    Double high = mark.high();
    return new Mark(
        mark.series(),
        mark.facet(),
        mark.label(),
        across(mark),
        height(mark.y()),
        low == null ? null : (Double) height(low),
        high == null ? null : (Double) height(high),
        mark.n(),
        mark.hollow(),
        mark.joined(),
        mark.frontier());
  }

  double height(double y) {
    return shares ? y : Math.log10(y) - floor;
  }

  /** Numbers at the finite part of the horizontal axis, and at the detached one. */
  Ticks across(Span span, double pixels) {
    Ticks written = written(span.left(), span.finite(), pixels / span.width(), LETTER, 10);
    Double detached = span.detachedAt();
    if (detached == null) {
      return written;
    }
    List<Double> at = new ArrayList<>(written.at());
    List<String> labels = new ArrayList<>(written.labels());
    at.add(detached);
    labels.add("inf");
    return new Ticks(at, labels);
  }

  /** Numbers at the vertical axis. */
  Ticks up(Span span, double pixels) {
    Ticks written = written(floor, floor + span.top(), pixels / span.top(), 0, LINE);
    return new Ticks(written.at().stream().map(at -> at - floor).toList(), written.labels());
  }

  /** As many round numbers as keep their distance; evenly spaced ones within less than a decade. */
  private static Ticks written(double from, double to, double pixels, double letter, double air) {
    for (List<Integer> decade : DECADES) {
      Ticks some = ticks(round(from, to, decade));
      if (some.at().size() > 1 && isApart(some, pixels, letter, air)) {
        return some;
      }
    }
    List<Double> even =
        Span.round(Math.pow(10, from), Math.pow(10, to), 3).stream().filter(at -> at > 0).toList();
    return ticks(even.isEmpty() ? List.of(Math.pow(10, (from + to) / 2)) : even);
  }

  private static Ticks ticks(List<Double> values) {
    return new Ticks(
        values.stream().map(Math::log10).toList(), values.stream().map(Span::text).toList());
  }

  private static List<Double> round(double from, double to, List<Integer> decade) {
    List<Double> values = new ArrayList<>();
    for (int power = (int) Math.floor(from); power <= to; power++) {
      for (int digit : decade) {
        double value = digit * Math.pow(10, power);
        double at = Math.log10(value);
        if (at >= from - 1e-9 && at <= to + 1e-9) {
          values.add(value);
        }
      }
    }
    return values;
  }

  private static boolean isApart(Ticks ticks, double pixels, double letter, double air) {
    for (int i = 1; i < ticks.at().size(); i++) {
      double text = letter * (ticks.labels().get(i - 1).length() + ticks.labels().get(i).length());
      if ((ticks.at().get(i) - ticks.at().get(i - 1)) * pixels < text / 2 + air) {
        return false;
      }
    }
    return true;
  }
}
