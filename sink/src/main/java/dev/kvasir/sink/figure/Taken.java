package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Which parts of a panel marks, lines and bars take. One chart's. */
final class Taken {

  /** Half of a marker with some air, CSS pixels. */
  private static final double REACH = 5;

  /** A line between two marks is as many small rectangles. */
  private static final int STEPS = 24;

  private final Span span;
  private final Panel panel;
  private final List<Box> boxes = new ArrayList<>();

  Taken(Span span, Panel panel) {
    this.span = span;
    this.panel = panel;
  }

  /**
   * Marks with their error bars, and the lines between those of one series.
   *
   * @param marks those of one panel, in the order in which lines join them
   */
  void marks(List<Mark> marks, ToDoubleFunction<Mark> place) {
    Mark before = null;
    for (Mark mark : marks) {
      double x = place.applyAsDouble(mark);
      Double low = mark.low();
      Double high = mark.high();
      around(
          x, x, low == null ? mark.y() : low, high == null ? mark.y() : Math.max(mark.y(), high));
      if (before != null && before.series().equals(mark.series()) && !mark.isDetached()) {
        line(place.applyAsDouble(before), before.y(), x, mark.y());
      }
      before = mark;
    }
  }

  private void line(double x, double y, double xEnd, double yEnd) {
    for (int i = 0; i < STEPS; i++) {
      double from = (double) i / STEPS;
      double to = (i + 1.0) / STEPS;
      double left = x + from * (xEnd - x);
      double right = x + to * (xEnd - x);
      double lower = y + from * (yEnd - y);
      double upper = y + to * (yEnd - y);
      around(
          Math.min(left, right),
          Math.max(left, right),
          Math.min(lower, upper),
          Math.max(lower, upper));
    }
  }

  /** A bar from one height to another. */
  void bar(double left, double right, double from, double to) {
    around(left, right, from, to);
  }

  /** A line across the panel. */
  void across(double height) {
    around(span.left(), span.right(), height, height);
  }

  /** A line upwards. */
  void upright(double x, double height) {
    around(x, x, 0, height);
  }

  private void around(double left, double right, double low, double high) {
    double airX = REACH / panel.width();
    double airY = REACH / panel.height();
    boxes.add(
        new Box(
            (left - span.left()) / span.width() - airX,
            (right - span.left()) / span.width() + airX,
            low / span.top() - airY,
            high / span.top() + airY));
  }

  /** Whether nothing stands in a rectangle. */
  boolean isFree(Box box) {
    return boxes.stream().noneMatch(box::touches);
  }
}
