package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A legend inside a chart, drawn by layers of its own: where no mark is, corners first, else above
 * the marks. The panel's pixels are estimated, so that entries keep their distance.
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
  private static final double MOST = 0.75;
  private static final double LETTERS = 4.5;
  private static final double SQUARE = 3.4;

  /** Places, across and up: corners, then along the upper edge, the sides and the lower edge. */
  private static final double[][] PLACES = {
    {0, 1}, {1, 1}, {1, 0}, {0, 0}, {0.5, 1}, {0.25, 1}, {0.75, 1}, {1, 0.5}, {0, 0.5}, {1, 0.75},
    {1, 0.25}, {0, 0.75}, {0, 0.25}, {0.5, 0}, {0.25, 0}, {0.75, 0}
  };

  /**
   * A series' entry.
   *
   * @param series the series
   * @param x where its line begins
   * @param y its height
   */
  record Entry(String series, double x, double y) {}

  static Legend of(List<String> series, Taken taken, Span span, Panel panel) {
    Legend inside = inside(series, taken, span, panel);
    return inside == null ? above(series, span, panel) : inside;
  }

  private static double words(String series) {
    return series.length() * CHARACTER;
  }

  private static @Nullable Legend inside(List<String> series, Taken taken, Span span, Panel panel) {
    double longest = series.stream().mapToDouble(Legend::words).max().orElse(0);
    double width = (longest + KEY + 2 * EDGE) / panel.width();
    double height = (series.size() * ROW + EDGE) / panel.height();
    if (width > MOST || height > MOST) {
      return null;
    }
    for (double[] place : PLACES) {
      double left = place[0] * (1 - width);
      double bottom = place[1] * (1 - height);
      if (taken.isFree(new Box(left, left + width, bottom, bottom + height))) {
        return at(left, bottom + height, series, span, panel);
      }
    }
    return null;
  }

  private static Legend at(double left, double top, List<String> series, Span span, Panel panel) {
    double unitX = span.width() / panel.width();
    double unitY = span.top() / panel.height();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < series.size(); i++) {
      entries.add(
          new Entry(
              series.get(i),
              span.left() + left * span.width() + EDGE * unitX,
              top * span.top() - (EDGE / 2 + (i + 0.5) * ROW) * unitY));
    }
    return new Legend(entries, 1, KEY * unitX);
  }

  /** Rows above the marks, as many entries in each as fit. */
  private static Legend above(List<String> series, Span span, Panel panel) {
    List<double[]> places = new ArrayList<>();
    double x = EDGE;
    int row = 0;
    for (String name : series) {
      double width = KEY + words(name) + GAP;
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

  /** Draws entries of lines, with markers or without, into a panel. */
  void lines(Layers layers, String facet, boolean markers) {
    Map<String, Object> data = data(facet);
    Map<String, Object> line =
        Spec.of("x", "x", "xend", "end", "y", "y", "yend", "y", "color", "series");
    layers.add("segment", data, Spec.with(line, "linetype", "series"), "size", Layers.LINE);
    if (markers) {
      layers.markers(data, Spec.of("x", "middle", "y", "y"), false);
    }
    text(layers, data);
  }

  /** Draws entries of filled areas into a panel. */
  void areas(Layers layers, String facet) {
    Map<String, Object> data = data(facet);
    layers.add(
        "point",
        data,
        Spec.of("x", "middle", "y", "y", "fill", "series"),
        "shape",
        22,
        "size",
        SQUARE,
        "color",
        "#333333",
        "stroke",
        0.4);
    text(layers, data);
  }

  private Map<String, Object> data(String facet) {
    return Spec.of(
        "x", Spec.list(entries.stream().map(Entry::x).toList()),
        "end", Spec.list(entries.stream().map(entry -> entry.x() + keyWidth * 0.8).toList()),
        "middle", Spec.list(entries.stream().map(entry -> entry.x() + keyWidth * 0.4).toList()),
        "text", Spec.list(entries.stream().map(entry -> entry.x() + keyWidth).toList()),
        "y", Spec.list(entries.stream().map(Entry::y).toList()),
        "series", Spec.list(entries.stream().map(Entry::series).toList()),
        "facet", Spec.list(entries.stream().map(_ -> facet).toList()));
  }

  private static void text(Layers layers, Map<String, Object> data) {
    layers.add(
        "text",
        data,
        Spec.of("x", "text", "y", "y", "label", "series"),
        "hjust",
        "left",
        "vjust",
        "center",
        "size",
        LETTERS,
        "family",
        Theme.FAMILY,
        "color",
        "#000000");
  }
}
