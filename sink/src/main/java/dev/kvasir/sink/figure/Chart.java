package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Builds the chart of some marks. Used once, by one thread. */
final class Chart {

  private static final double LINE = 0.7;
  private static final double MARK = 2.1;
  private static final double STROKE = 0.9;
  private static final double LETTERS = 4.5;
  private static final double CAP_PIXELS = 3;
  private static final double BARS_WIDTH = 0.8;
  private static final String DARK = "#333333";
  private static final int MOST_COLUMNS = 3;
  private static final double FULL = 105;

  private final FigureRequest request;
  private final Titles titles;
  private final List<Mark> marks;
  private final List<Mark> inOrder;
  private final List<String> series;
  private final List<String> places;
  private final Panel panel;
  private final List<String> facets;
  private final Layers layers = new Layers();
  private final List<Map<String, Object>> scales = new ArrayList<>();
  private Span span;
  private @Nullable Ticks ticks;

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
    this.places = places;
    this.inOrder = marks;
    Set<String> names = new LinkedHashSet<>(places);
    Set<String> drawn = new LinkedHashSet<>();
    marks.forEach(mark -> drawn.add(mark.series()));
    names.retainAll(drawn);
    names.addAll(drawn);
    this.series = List.copyOf(names);
    this.marks =
        marks.stream()
            .sorted(Comparator.comparingInt(mark -> names.stream().toList().indexOf(mark.series())))
            .toList();
    this.facets = marks.stream().map(Mark::facet).distinct().toList();
    int columns = Math.min(MOST_COLUMNS, facets.size());
    int rows = (facets.size() + columns - 1) / columns;
    this.panel = Panel.of(width, request.style().height(), columns, rows, facets.size() > 1);
    this.span =
        Span.of(marks, request)
            .upTo(titles.full() ? FULL : 0)
            .downTo(titles.percent() ? FULL : Double.MAX_VALUE);
  }

  /** Lines, markers, error bars, and what lies at an infinite rate. */
  Map<String, Object> lines() {
    errors(span::place);
    layers.add(
        "line",
        data(marks.stream().filter(mark -> !mark.isDetached()).toList()),
        Spec.of("x", "x", "y", "y", "color", "series", "linetype", "series", "group", "group"),
        "size",
        LINE);
    markers();
    if (span.detachedAt() != null) {
      layers.add(
          "vline",
          Spec.of(),
          Spec.of(),
          "xintercept",
          span.divider(),
          "color",
          "#999999",
          "linetype",
          "dotted",
          "size",
          0.5);
    }
    return finish(legend(span::place, true));
  }

  /** Points, their frontier, and lines that join what belongs together. */
  Map<String, Object> scatter() {
    if (request.connectBy() != null) {
      layers.add(
          "path",
          data(inOrder),
          Spec.of("x", "x", "y", "y", "color", "series", "group", "joined"),
          "size",
          0.4,
          "alpha",
          0.6);
    }
    layers.add(
        "line",
        data(inOrder.stream().filter(Mark::frontier).toList()),
        Spec.of("x", "x", "y", "y"),
        "size",
        0.7,
        "color",
        "#000000",
        "linetype",
        "dashed");
    markers();
    return finish(legend(span::place, true));
  }

  /**
   * Lines without markers, one for each series or, where rows are joined, one for each of these.
   */
  Map<String, Object> curves() {
    boolean joined = marks.stream().anyMatch(mark -> mark.joined() != null);
    layers.add(
        "path",
        data(marks),
        Spec.of(
            "x",
            "x",
            "y",
            "y",
            "color",
            "series",
            "linetype",
            "series",
            "group",
            joined ? "joined" : "group"),
        "size",
        0.9);
    return finish(legend(span::place, false));
  }

  /** Bars side by side. */
  Map<String, Object> bars() {
    List<String> labels = categories();
    double width = BARS_WIDTH / series.size();
    span =
        Span.ofCategories(
            labels.size(),
            marks.stream()
                .mapToDouble(mark -> Math.max(mark.y(), mark.high() == null ? 0 : mark.high()))
                .max()
                .orElse(1));
    ToDoubleFunction<Mark> middle =
        mark ->
            labels.indexOf(String.valueOf(mark.label()))
                - BARS_WIDTH / 2
                + (series.indexOf(mark.series()) + 0.5) * width;
    List<Bar> bars =
        marks.stream()
            .map(mark -> new Bar(mark, middle.applyAsDouble(mark), width * 0.94, 0, mark.y()))
            .toList();
    rectangles(bars.stream().filter(bar -> !bar.mark().hollow()).toList(), 0.9, this::colour);
    rectangles(bars.stream().filter(bar -> bar.mark().hollow()).toList(), 0.2, this::colour);
    errors(middle);
    ticks = categoryTicks(labels);
    return finish(legend(marks, middle));
  }

  /** Bars on top of each other. */
  Map<String, Object> stacks() {
    List<String> labels = categories();
    Map<String, Double> heights = new LinkedHashMap<>();
    List<Bar> bars = new ArrayList<>();
    for (Mark mark : marks) {
      String label = String.valueOf(mark.label());
      double from = heights.getOrDefault(label, 0.0);
      heights.put(label, from + mark.y());
      bars.add(new Bar(mark, labels.indexOf(label), 0.6, from, from + mark.y()));
    }
    span =
        Span.ofCategories(
            labels.size(),
            heights.values().stream().mapToDouble(Double::doubleValue).max().orElse(1));
    rectangles(bars, 0.9, this::stage);
    ticks = categoryTicks(labels);
    List<Mark> tops =
        bars.stream()
            .map(bar ->
                new Mark("", "", bar.mark.label(), null, bar.to, null, null, 1, false, null, false))
            .toList();
    return finish(legend(tops, mark -> labels.indexOf(String.valueOf(mark.label()))));
  }

  /** A dashed line across at a height. */
  Chart target(double height) {
    layers.add(
        "hline",
        Spec.of(),
        Spec.of(),
        "yintercept",
        height,
        "color",
        "#777777",
        "linetype",
        "dashed",
        "size",
        0.5);
    return this;
  }

  /** A dashed line from the axis up to a height, in a series' colour. */
  Chart drop(double x, double height, String name) {
    layers.segment(x, 0, x, height, colour(name), "dashed");
    return this;
  }

  /** Writes other numbers at the horizontal axis. */
  Chart ticks(Ticks written) {
    ticks = written;
    return this;
  }

  /**
   * A rectangle.
   *
   * @param mark what it stands for
   * @param middle its middle
   * @param width its width
   * @param from its lower end
   * @param to its upper end
   */
  private record Bar(Mark mark, double middle, double width, double from, double to) {}

  private void rectangles(List<Bar> bars, double alpha, Function<String, String> colour) {
    if (bars.isEmpty()) {
      return;
    }
    Map<String, Object> data =
        Spec.of(
            "left", Spec.list(bars.stream().map(bar -> bar.middle - bar.width / 2).toList()),
            "right", Spec.list(bars.stream().map(bar -> bar.middle + bar.width / 2).toList()),
            "from", Spec.list(bars.stream().map(Bar::from).toList()),
            "to", Spec.list(bars.stream().map(Bar::to).toList()),
            "series", Spec.list(bars.stream().map(bar -> bar.mark.series()).toList()),
            "facet", Spec.list(bars.stream().map(bar -> bar.mark.facet()).toList()));
    layers.add(
        "rect",
        data,
        Spec.of("xmin", "left", "xmax", "right", "ymin", "from", "ymax", "to", "fill", "series"),
        "alpha",
        alpha,
        "color",
        DARK,
        "size",
        0.3);
    if (scales.isEmpty()) {
      scales.add(
          Spec.of(
              "aesthetic",
              "fill",
              "limits",
              Spec.list(series),
              "values",
              Spec.list(series.stream().map(colour).toList())));
    }
  }

  private void markers() {
    seriesScales();
    for (boolean hollow : new boolean[] {false, true}) {
      List<Mark> some = inOrder.stream().filter(mark -> mark.hollow() == hollow).toList();
      if (some.isEmpty()) {
        continue;
      }
      Map<String, Object> mapping =
          Spec.of("x", "x", "y", "y", "color", "series", "shape", "series");
      if (hollow) {
        layers.add("point", data(some), mapping, "size", MARK, "fill", "white", "stroke", STROKE);
      } else {
        layers.add(
            "point",
            data(some),
            Spec.with(mapping, "fill", "series"),
            "size",
            MARK,
            "stroke",
            STROKE);
      }
    }
  }

  private void errors(ToDoubleFunction<Mark> place) {
    List<Mark> bounded =
        marks.stream().filter(mark -> mark.low() != null && mark.high() != null).toList();
    if (bounded.isEmpty()) {
      return;
    }
    double cap = CAP_PIXELS * span.width() / panel.width();
    double ceiling = titles.percent() ? 100 : span.top() * 4;
    List<Double> at = bounded.stream().map(place::applyAsDouble).toList();
    Map<String, Object> data =
        Spec.of(
            "x", Spec.list(at),
            "left", Spec.list(at.stream().map(x -> x - cap).toList()),
            "right", Spec.list(at.stream().map(x -> x + cap).toList()),
            "low", Spec.list(bounded.stream().map(mark -> clamp(mark.low(), ceiling)).toList()),
            "high", Spec.list(bounded.stream().map(mark -> clamp(mark.high(), ceiling)).toList()),
            "series", Spec.list(bounded.stream().map(Mark::series).toList()),
            "facet", Spec.list(bounded.stream().map(Mark::facet).toList()));
    if (request.kind().shape() == FigureKind.Shape.BARS) {
      layers.errorBars(data, Spec.of(), "color", DARK);
    } else {
      layers.errorBars(data, Spec.of("color", "series"));
    }
  }

  private static double clamp(@Nullable Double value, double ceiling) {
    return value == null ? 0 : Math.max(0, Math.min(ceiling, value));
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

  private int place(String name) {
    int place = places.indexOf(name);
    return place < 0 ? series.indexOf(name) : place;
  }

  private String colour(String name) {
    return Palette.colour(place(name));
  }

  private String stage(String name) {
    return Palette.stage(series.indexOf(name));
  }

  private void seriesScales() {
    List<Object> names = Spec.list(series);
    List<Object> colours = Spec.list(series.stream().map(this::colour).toList());
    scales.add(Spec.of("aesthetic", "color", "limits", names, "values", colours));
    scales.add(Spec.of("aesthetic", "fill", "limits", names, "values", colours));
    scales.add(
        Spec.of(
            "aesthetic",
            "linetype",
            "limits",
            names,
            "values",
            Spec.list(series.stream().map(name -> Palette.line(place(name))).toList())));
    scales.add(
        Spec.of(
            "aesthetic",
            "shape",
            "limits",
            names,
            "values",
            Spec.list(series.stream().map(name -> Palette.marker(place(name))).toList())));
  }

  private List<String> categories() {
    Set<String> labels = new LinkedHashSet<>();
    for (String name : places) {
      if (inOrder.stream().anyMatch(mark -> name.equals(mark.label()))) {
        labels.add(name);
      }
    }
    inOrder.forEach(mark -> labels.add(String.valueOf(mark.label())));
    return List.copyOf(labels);
  }

  private static Ticks categoryTicks(List<String> labels) {
    List<Double> at = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      at.add((double) i);
    }
    return new Ticks(at, labels);
  }

  /** Entries of lines, with markers or without. */
  private Legend legend(ToDoubleFunction<Mark> place, boolean markers) {
    if (scales.isEmpty()) {
      seriesScales();
    }
    Legend legend = Legend.of(marks, place, series, span, panel);
    Map<String, Object> data = entries(legend, legend.keyWidth());
    layers.add(
        "segment",
        data,
        Spec.of(
            "x",
            "x",
            "xend",
            "end",
            "y",
            "y",
            "yend",
            "y",
            "color",
            "series",
            "linetype",
            "series"),
        "size",
        LINE);
    if (markers) {
      layers.add(
          "point",
          data,
          Spec.of("x", "middle", "y", "y", "color", "series", "fill", "series", "shape", "series"),
          "size",
          MARK,
          "stroke",
          STROKE);
    }
    words(data);
    return legend;
  }

  /** Entries of filled areas. */
  private Legend legend(List<Mark> tall, ToDoubleFunction<Mark> place) {
    Legend legend = Legend.ofBars(tall, place, series, span, panel);
    Map<String, Object> data = entries(legend, legend.keyWidth());
    layers.add(
        "point",
        data,
        Spec.of("x", "middle", "y", "y", "fill", "series"),
        "shape",
        22,
        "size",
        3.4,
        "color",
        DARK,
        "stroke",
        0.4);
    words(data);
    return legend;
  }

  private Map<String, Object> entries(Legend legend, double key) {
    List<Legend.Entry> entries = legend.entries();
    return Spec.of(
        "x", Spec.list(entries.stream().map(Legend.Entry::x).toList()),
        "end", Spec.list(entries.stream().map(entry -> entry.x() + key * 0.8).toList()),
        "middle", Spec.list(entries.stream().map(entry -> entry.x() + key * 0.4).toList()),
        "text", Spec.list(entries.stream().map(entry -> entry.x() + key).toList()),
        "y", Spec.list(entries.stream().map(Legend.Entry::y).toList()),
        "series", Spec.list(entries.stream().map(Legend.Entry::series).toList()),
        "facet", Spec.list(entries.stream().map(_ -> facets.getFirst()).toList()));
  }

  private void words(Map<String, Object> data) {
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

  private Map<String, Object> finish(Legend legend) {
    axes();
    Map<String, Object> chart =
        Spec.of(
            "kind", "plot",
            "data", Spec.of(),
            "mapping", Spec.of(),
            "layers", layers.all(),
            "scales", Spec.list(scales),
            "theme", Theme.plain(),
            "ggsize",
                Spec.of("width", request.style().width(), "height", request.style().height()));
    if (!request.log()) {
      chart.put(
          "coord",
          Spec.of(
              "name", "cartesian",
              "xlim", Spec.list(List.of(span.left(), span.right())),
              "ylim", Spec.list(List.of(0, span.top() * legend.headroom()))));
    }
    if (facets.size() > 1) {
      chart.put(
          "facet",
          Spec.of(
              "name",
              "wrap",
              "facets",
              Spec.list(List.of("facet")),
              "ncol",
              Math.min(MOST_COLUMNS, facets.size()),
              "order",
              Spec.list(List.of(1))));
    }
    return chart;
  }

  private void axes() {
    Object tight = Spec.list(List.of(0, 0));
    Map<String, Object> x = Spec.of("aesthetic", "x", "name", titles.x());
    Map<String, Object> y = Spec.of("aesthetic", "y", "name", titles.y());
    if (request.log()) {
      x.put("trans", "log10");
      y.put("trans", "log10");
    } else {
      Ticks across = ticks == null ? span.across(panel.width(), facets.size() > 1) : ticks;
      Ticks up = span.up(panel.height(), titles.percent());
      x.putAll(
          Spec.of(
              "expand",
              tight,
              "breaks",
              Spec.list(across.at()),
              "labels",
              Spec.list(across.labels())));
      y.putAll(
          Spec.of("expand", tight, "breaks", Spec.list(up.at()), "labels", Spec.list(up.labels())));
    }
    scales.add(x);
    scales.add(y);
  }
}
