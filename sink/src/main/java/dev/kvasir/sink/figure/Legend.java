package dev.kvasir.sink.figure;

import java.util.List;

/**
 * Where a legend stands inside a chart: in the corner with the fewest marks, with room above the
 * marks if none is empty.
 *
 * @param x horizontal place, 0 to 1
 * @param y vertical place, 0 to 1 from below
 * @param headroom how much higher the axis reaches than the marks
 */
record Legend(double x, double y, double headroom) {

  private static final double CHARACTER = 5.8;
  private static final double KEY = 34;
  private static final double ROW = 15;
  private static final double AXES_WIDTH = 60;
  private static final double AXES_HEIGHT = 48;

  static Legend of(
      List<Mark> marks, List<String> series, Span span, FigureRequest.Style style, boolean bars) {
    double inner = style.width() - AXES_WIDTH;
    double tall = style.height() - AXES_HEIGHT;
    int longest = series.stream().mapToInt(String::length).max().orElse(0);
    double width = Math.min(1, (longest * CHARACTER + KEY) / inner);
    double height = Math.min(0.8, (series.size() * ROW + 8) / tall);
    if (bars) {
      return new Legend(0.99, 0.99, 1 / (1 - height));
    }
    Legend best = null;
    long fewest = Long.MAX_VALUE;
    for (double[] corner : new double[][] {{0, 1}, {1, 1}, {1, 0}, {0, 0}}) {
      long inside = inside(marks, span, corner, width, height);
      if (inside < fewest) {
        fewest = inside;
        best = new Legend(corner[0] == 0 ? 0.015 : 0.985, corner[1] == 0 ? 0.03 : 0.985, 1);
      }
    }
    if (best == null || fewest > 0) {
      return new Legend(0.015, 0.985, 1 / (1 - height));
    }
    return best;
  }

  /** Marks, and places on the lines between them, under a legend in a corner. */
  private static long inside(
      List<Mark> marks, Span span, double[] corner, double width, double height) {
    long inside = 0;
    Mark before = null;
    for (Mark mark : marks) {
      boolean joins =
          before != null && before.series().equals(mark.series()) && !mark.isDetached();
      int steps = joins ? 8 : 1;
      for (int step = 1; step <= steps; step++) {
        double share = step / (double) steps;
        double x = joins ? between(span.place(before), span.place(mark), share) : span.place(mark);
        double y = joins ? between(before.y(), mark.y(), share) : mark.y();
        double across = (x - span.left()) / span.width();
        double up = y / span.top();
        boolean isBeside = corner[0] == 0 ? across <= width + 0.02 : across >= 1 - width - 0.02;
        boolean isLevel = corner[1] == 0 ? up <= height + 0.04 : up >= 1 - height - 0.04;
        inside += isBeside && isLevel ? 1 : 0;
      }
      before = mark;
    }
    return inside;
  }

  private static double between(double from, double to, double share) {
    return from + (to - from) * share;
  }
}
