package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A legend inside a chart, drawn by layers of its own: in the corner that no mark touches, else
 * above the marks. One chart's pixels are estimated from its size, so that entries keep their
 * distance.
 *
 * @param entries where each series' entry begins, in the chart's units
 * @param headroom how much higher the axis reaches than the marks
 * @param keyWidth length of an entry's line, in the chart's units
 */
record Legend(List<Entry> entries, double headroom, double keyWidth) {

  private static final double CHARACTER = 5.4;
  private static final double KEY = 20;
  private static final double GAP = 10;
  private static final double ROW = 14;
  private static final double EDGE = 6;
  private static final double MARGIN = 0.03;
  private static final double BAR_MARGIN = 0.1;

  /** Corners, across and up: the upper ones first. */
  private static final List<double[]> CORNERS =
      List.of(new double[] {0, 1}, new double[] {1, 1}, new double[] {1, 0}, new double[] {0, 0});

  /**
   * A series' entry.
   *
   * @param series the series
   * @param x where its line begins
   * @param y its height
   */
  record Entry(String series, double x, double y) {}

  static Legend of(
      List<Mark> marks, ToDoubleFunction<Mark> place, List<String> series, Span span, Panel panel) {
    Legend inCorner = inCorner(marks, place, series, span, panel, CORNERS);
    return inCorner == null ? above(series, span, panel) : inCorner;
  }

  /** A legend of bars, which stand on the ground. */
  static Legend ofBars(
      List<Mark> marks, ToDoubleFunction<Mark> place, List<String> series, Span span, Panel panel) {
    Legend inCorner = inCorner(marks, place, series, span, panel, CORNERS.subList(0, 2));
    return inCorner == null ? above(series, span, panel) : inCorner;
  }

  private static @Nullable Legend inCorner(
      List<Mark> marks,
      ToDoubleFunction<Mark> place,
      List<String> series,
      Span span,
      Panel panel,
      List<double[]> corners) {
    int longest = series.stream().mapToInt(String::length).max().orElse(0);
    double width = (longest * CHARACTER + KEY + 2 * EDGE) / panel.width();
    double height = (series.size() * ROW + EDGE) / panel.height();
    if (width > 0.6 || height > 0.6) {
      return null;
    }
    double margin = corners.size() < CORNERS.size() ? BAR_MARGIN : MARGIN;
    for (double[] corner : corners) {
      if (isFree(marks, place, span, corner, width + margin, height)) {
        return at(corner, width, height, series, span, panel);
      }
    }
    return null;
  }

  private static Legend at(
      double[] corner, double width, double height, List<String> series, Span span, Panel panel) {
    double unitX = span.width() / panel.width();
    double unitY = span.top() / panel.height();
    double left =
        span.left() + (corner[0] == 0 ? EDGE * unitX : span.width() * (1 - width) + EDGE * unitX);
    double top = corner[1] == 0 ? span.top() * height : span.top() - EDGE * unitY / 2;
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      entries.add(new Entry(series.get(i), left, top - (i + 0.5) * ROW * unitY));
    }
    return new Legend(entries, 1, KEY * unitX);
  }

  /** Rows above the marks, as many entries in each as fit. */
  private static Legend above(List<String> series, Span span, Panel panel) {
    List<double[]> places = new ArrayList<>();
    double x = EDGE;
    int row = 0;
    for (String name : series) {
      double width = KEY + name.length() * CHARACTER + GAP;
      if (x > EDGE && x + width > panel.width()) {
        row++;
        x = EDGE;
      }
      places.add(new double[] {x, row});
      x += width;
    }
    double share = Math.min(0.6, ((row + 1) * ROW + EDGE) / panel.height());
    double headroom = 1 / (1 - share);
    double unitX = span.width() / panel.width();
    double unitY = span.top() * headroom / panel.height();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      double y = span.top() * headroom - (EDGE / 2 + (places.get(i)[1] + 0.5) * ROW) * unitY;
      entries.add(new Entry(series.get(i), span.left() + places.get(i)[0] * unitX, y));
    }
    return new Legend(entries, headroom, KEY * unitX);
  }

  /** Whether no mark, error bar or line between two marks touches a corner. */
  private static boolean isFree(
      List<Mark> marks,
      ToDoubleFunction<Mark> place,
      Span span,
      double[] corner,
      double width,
      double height) {
    Mark before = null;
    for (Mark mark : marks) {
      Mark from = before != null && joins(before, mark) ? before : null;
      int steps = from == null ? 1 : 12;
      for (int step = 1; step <= steps; step++) {
        double share = step / (double) steps;
        double x =
            from == null
                ? place.applyAsDouble(mark)
                : between(place.applyAsDouble(from), place.applyAsDouble(mark), share);
        Double high = mark.high();
        double y = from == null ? mark.y() : between(from.y(), mark.y(), share);
        double upper = step == steps && high != null ? Math.max(y, high) : y;
        double across = (x - span.left()) / span.width();
        boolean isBeside = corner[0] == 0 ? across <= width : across >= 1 - width;
        boolean isLevel =
            corner[1] == 0
                ? y / span.top() <= height + 0.05
                : upper / span.top() >= 1 - height - 0.05;
        if (isBeside && isLevel) {
          return false;
        }
      }
      before = mark;
    }
    return true;
  }

  private static double between(double from, double to, double share) {
    return from + (to - from) * share;
  }

  /** Whether a line leads from one mark to the next. */
  private static boolean joins(Mark before, Mark mark) {
    return before.series().equals(mark.series())
        && before.facet().equals(mark.facet())
        && !mark.isDetached();
  }
}
