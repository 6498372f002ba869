package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Builds the chart of some marks. Used once, by one thread. */
final class Chart {

  private static final String DARK = "#333333";
  private static final String GREY = "#777777";
  private static final int MOST_COLUMNS = 3;
  private static final double FULL = 105;
  private static final double LETTER = 6.2;
  private static final double SLACK = 20;

  private final FigureRequest request;
  private final Titles titles;
  private final Series series;
  private final List<Mark> inOrder;
  private final List<Mark> marks;
  private final List<String> facets;
  private Panel panel;
  private final Layers layers = new Layers();
  private final List<Map<String, Object>> scales = new ArrayList<>();
  private final List<Double> targets = new ArrayList<>();
  private Span span;
  private @Nullable Ticks ticks;
  private final @Nullable LogAxes logarithmic;

  /**
   * What is written at a chart.
   *
   * @param x title of the horizontal axis; empty for none
   * @param y title of the vertical axis
   * @param percent whether the vertical axis is of shares
   * @param full whether that axis shows all of 100 %
   */
  record Titles(String x, String y, boolean percent, boolean full) {}

  /**
   * @param places every series of the experiments that are drawn, in their order
   * @param width pixels that the chart may take
   */
  Chart(FigureRequest request, List<Mark> marks, List<String> places, Titles titles, int width) {
    this.request = request;
    this.titles = titles;
    this.logarithmic = request.log() ? LogAxes.of(marks, request, titles.percent()) : null;
    this.inOrder = placed(marks, logarithmic);
    this.series = new Series(marks, places);
    this.marks =
        inOrder.stream()
            .sorted(Comparator.comparingInt(mark -> series.indexOf(mark.series())))
            .toList();
    this.facets = marks.stream().map(Mark::facet).distinct().toList();
    int columns = Math.min(MOST_COLUMNS, facets.size());
    int rows = (facets.size() + columns - 1) / columns;
    this.panel = Panel.of(width, request.style().height(), columns, rows, facets.size() > 1);
    Span reached = logarithmic == null ? Span.of(inOrder, request) : Span.of(inOrder, logarithmic);
    this.span =
        reached.upTo(titles.full() ? FULL : 0).downTo(titles.percent() ? FULL : Double.MAX_VALUE);
  }

  /** A chart of lines over categories, which stand at 0, 1, 2, … */
  static Chart overCategories(
      FigureRequest request, List<Mark> marks, List<String> places, Titles titles) {
    List<String> categories = new Series(marks, places).categories(marks);
    List<Mark> placed =
        marks.stream()
            .map(mark -> mark.at(categories.indexOf(String.valueOf(mark.label()))))
            .toList();
    List<Double> at =
        IntStream.range(0, categories.size()).mapToObj(i -> Double.valueOf(i)).toList();
    Chart chart =
        new Chart(
            request.between(-0.5, categories.size() - 0.5),
            placed,
            places,
            titles,
            request.style().width());
    return chart.ticks(new Ticks(at, categories).turned(chart.panel.width()));
  }

  private static List<Mark> placed(List<Mark> marks, @Nullable LogAxes logarithmic) {
    return logarithmic == null ? marks : marks.stream().map(logarithmic::place).toList();
  }

  /** Lines, markers, error bars, and what lies at an infinite rate. */
  Map<String, Object> lines() {
    scales.addAll(series.looks());
    layers.errorBars(marks, span::place, span, panel, Spec.of("color", "series"));
    List<Mark> joined = marks.stream().filter(mark -> !mark.isDetached()).toList();
    layers.add("line", data(joined), lineOf("group"), "size", Layers.LINE);
    markers();
    if (span.detachedAt() != null) {
      layers.rule("vline", "xintercept", span.divider(), "#999999", "dotted");
    }
    return finish(lineLegend(marks, true));
  }

  /** Points, their frontier, and lines that join what belongs together. */
  Map<String, Object> scatter() {
    scales.addAll(series.looks());
    Map<String, Object> place = Spec.of("x", "x", "y", "y");
    if (request.connectBy() != null) {
      Map<String, Object> path = Spec.with(place, "color", "series", "group", "joined");
      layers.add("path", data(inOrder), path, "size", 0.4, "alpha", 0.6);
    }
    List<Mark> frontier = inOrder.stream().filter(Mark::frontier).toList();
    layers.add(
        "line", data(frontier), place, "size", 0.7, "color", "#000000", "linetype", "dashed");
    markers();
    return finish(lineLegend(inOrder, true));
  }

  /**
   * Lines without markers, one for each series or, where rows are joined, one for each of these.
   */
  Map<String, Object> curves() {
    scales.addAll(series.looks());
    boolean joined = marks.stream().anyMatch(mark -> mark.joined() != null);
    layers.add("path", data(marks), lineOf(joined ? "joined" : "group"), "size", 0.9);
    return finish(lineLegend(marks, false));
  }

  /** Bars side by side. */
  Map<String, Object> bars() {
    Bars bars = Bars.beside(marks, series.categories(inOrder), series);
    scales.add(series.scale("fill", series::area));
    Legend legend = drawn(bars);
    layers.errorBars(marks, bars::middle, span, panel, Spec.of(), "color", DARK);
    return finish(legend);
  }

  /** Bars on top of each other. */
  Map<String, Object> stacks() {
    scales.add(series.scale("fill", series::stage));
    return finish(drawn(Bars.stacked(marks, series.categories(inOrder))));
  }

  private Legend drawn(Bars bars) {
    span = bars.span(titles.percent());
    Ticks below = bars.ticks().turned(panel.width());
    ticks = below;
    panel = panel.lower(below.depth());
    bars.draw(layers);
    Taken taken = new Taken(span, panel);
    bars.take(taken, facets.getFirst());
    Legend legend = Legend.of(series.names(), taken, span, panel);
    legend.areas(layers, facets.getFirst());
    return legend;
  }

  /** A dashed line across at a height. */
  Chart target(double height) {
    double at = logarithmic == null ? height : logarithmic.height(height);
    if (at >= 0) {
      targets.add(at);
      layers.rule("hline", "yintercept", at, GREY, "dashed");
    }
    return this;
  }

  /** A dashed line from the axis up to a height, in a series' colour. */
  Chart drop(double x, double height, String name) {
    layers.upright(x, height, series.colour(name));
    return this;
  }

  /** Writes other numbers at the horizontal axis. */
  Chart ticks(Ticks written) {
    ticks = written;
    panel = panel.lower(written.depth());
    return this;
  }

  private static Map<String, Object> lineOf(String group) {
    return Spec.of("x", "x", "y", "y", "color", "series", "linetype", "series", "group", group);
  }

  private void markers() {
    for (boolean hollow : new boolean[] {false, true}) {
      List<Mark> some = inOrder.stream().filter(mark -> mark.hollow() == hollow).toList();
      if (!some.isEmpty()) {
        layers.markers(data(some), Spec.of("x", "x", "y", "y"), hollow);
      }
    }
  }

  private Map<String, Object> data(List<Mark> some) {
    return Spec.of(
        "x", Spec.list(some.stream().map(span::place).toList()),
        "y", Spec.list(some.stream().map(Mark::y).toList()),
        "series", Spec.list(some.stream().map(Mark::series).toList()),
        "facet", Spec.list(some.stream().map(Mark::facet).toList()),
        "joined", Spec.list(some.stream().map(mark -> String.valueOf(mark.joined())).toList()),
        "group", Spec.list(some.stream().map(mark -> mark.series() + "|" + mark.facet()).toList()));
  }

  /** A legend where no line is, drawn into the first panel. */
  private Legend lineLegend(List<Mark> joined, boolean markers) {
    String first = facets.getFirst();
    ToDoubleFunction<Mark> place = span::place;
    Taken taken = new Taken(span, panel);
    taken.marks(joined.stream().filter(mark -> mark.facet().equals(first)).toList(), place);
    targets.forEach(taken::across);
    Legend legend = Legend.of(series.names(), taken, span, panel);
    legend.lines(layers, first, markers);
    return legend;
  }

  private Map<String, Object> finish(Legend legend) {
    Map<String, Object> chart =
        Spec.of(
            "kind", "plot",
            "data", Spec.of(),
            "mapping", Spec.of(),
            "layers", layers.all(),
            "theme", Theme.turned(ticks == null ? 0 : ticks.angle()),
            "ggsize",
                Spec.of("width", request.style().width(), "height", request.style().height()));
    axes(chart, span.top() * legend.headroom());
    chart.put("scales", Spec.list(scales));
    if (facets.size() > 1) {
      chart.put("facet", panels());
    }
    return chart;
  }

  private void axes(Map<String, Object> chart, double top) {
    scales.add(axis("x", titles.x(), across()));
    scales.add(axis("y", yTitle(), up()));
    chart.put(
        "coord",
        Spec.of(
            "name",
            "cartesian",
            "xlim",
            Spec.list(List.of(span.left(), span.right())),
            "ylim",
            Spec.list(List.of(0, top))));
  }

  private Ticks across() {
    Ticks written = ticks;
    if (written != null) {
      return written;
    }
    return logarithmic == null
        ? span.across(panel.width(), facets.size() > 1)
        : logarithmic.across(span, panel.width());
  }

  private Ticks up() {
    return logarithmic == null || titles.percent()
        ? span.up(panel.height(), titles.percent())
        : logarithmic.up(span, panel.height());
  }

  /** The title of the vertical axis, its unit on a line of its own where it is too long for one. */
  private String yTitle() {
    double whole = panel.height() * Math.ceilDiv(facets.size(), MOST_COLUMNS);
    return titles.y().length() * LETTER > whole + SLACK
        ? titles.y().replaceFirst(" \\(", "\n(")
        : titles.y();
  }

  private static Map<String, Object> axis(String aesthetic, String title, Ticks written) {
    return Spec.of(
        "aesthetic",
        aesthetic,
        "name",
        title,
        "expand",
        Spec.list(List.of(0, 0)),
        "breaks",
        Spec.list(written.at()),
        "labels",
        Spec.list(written.labels()));
  }

  private Map<String, Object> panels() {
    return Spec.of(
        "name",
        "wrap",
        "facets",
        Spec.list(List.of("facet")),
        "ncol",
        Math.min(MOST_COLUMNS, facets.size()),
        "order",
        Spec.list(List.of(1)));
  }
}
