package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the chart of some marks. One chart is one object, used by one thread. */
final class Chart {

  private static final double LINE = 0.7;
  private static final double MARK = 2.6;

  private final FigureRequest request;
  private final List<Mark> marks;
  private final List<String> series;
  private final List<String> places;
  private final String xTitle;
  private final String yTitle;
  private final List<Map<String, Object>> layers = new ArrayList<>();
  private final List<Map<String, Object>> scales = new ArrayList<>();
  private final Span span;
  private @Nullable Ticks ticks;

  /**
   * Marks of an axis whose numbers are written otherwise than they are placed.
   *
   * @param at places
   * @param labels what is written there
   */
  record Ticks(List<Double> at, List<String> labels) {}

  /**
   * @param places every series of the experiments that are drawn, in their order
   */
  Chart(
      FigureRequest request,
      List<Mark> marks,
      List<String> places,
      String xTitle,
      String yTitle) {
    this.request = request;
    this.marks = marks;
    this.places = places;
    this.xTitle = xTitle;
    this.yTitle = yTitle;
    Set<String> names = new LinkedHashSet<>(places);
    Set<String> drawn = new LinkedHashSet<>();
    marks.forEach(mark -> drawn.add(mark.series()));
    names.retainAll(drawn);
    names.addAll(drawn);
    this.series = List.copyOf(names);
    this.span = Span.of(marks, request);
  }

  /** Lines, markers, error bars, and what lies at an infinite rate. */
  Map<String, Object> lines() {
    List<Mark> finite = marks.stream().filter(mark -> !mark.isDetached()).toList();
    layers.add(errors(marks));
    layers.add(
        layer(
            "line",
            data(finite),
            Spec.of("x", "x", "y", "y", "color", "series", "linetype", "series", "group", "group"),
            "size", LINE));
    addMarkers();
    if (span.detachedAt() != null) {
      layers.add(vertical(span.divider(), "#999999", "dotted", Double.NaN));
    }
    scaleSeries(true);
    numberAxis();
    return finish("x", true);
  }

  /** Points, their frontier, and lines that join what belongs together. */
  Map<String, Object> scatter() {
    List<Mark> frontier = marks.stream().filter(Mark::frontier).toList();
    if (request.connectBy() != null) {
      layers.add(
          layer(
              "path",
              data(marks),
              Spec.of("x", "x", "y", "y", "color", "series", "group", "joined"),
              "size", 0.4, "alpha", 0.6));
    }
    layers.add(
        layer(
            "line",
            data(frontier),
            Spec.of("x", "x", "y", "y"),
            "size", 0.8, "color", "#000000", "linetype", "dashed"));
    addMarkers();
    scaleSeries(true);
    numberAxis();
    return finish("x", true);
  }

  /** Bars side by side. */
  Map<String, Object> bars() {
    Object dodge = Spec.of("name", "dodge", "width", 0.82);
    layers.add(
        layer(
            "bar",
            data(marks),
            Spec.of("x", "label", "y", "y", "fill", "series", "alpha", "filled"),
            "stat", "identity", "position", dodge, "width", 0.78, "color", "#333333", "size", 0.3));
    List<Mark> bounded = marks.stream().filter(mark -> mark.low() != null).toList();
    if (request.errors() != FigureRequest.Errors.NONE && !bounded.isEmpty()) {
      layers.add(
          layer(
              "errorbar",
              data(bounded),
              Spec.of("x", "label", "ymin", "low", "ymax", "high", "group", "series"),
              "position", dodge, "width", 0.25, "size", 0.5, "color", "#333333"));
    }
    scaleFill(false);
    scales.add(
        Spec.of(
            "aesthetic", "alpha", "limits", Spec.list(List.of("yes", "no")), "values",
            Spec.list(List.of(0.9, 0.25)), "guide", "none"));
    categoryAxis();
    return finish("label", marks.stream().map(Mark::series).distinct().count() > 1);
  }

  /** Bars on top of each other. */
  Map<String, Object> stacks() {
    layers.add(
        layer(
            "bar",
            data(marks),
            Spec.of("x", "label", "y", "y", "fill", "series"),
            "stat", "identity", "position", Spec.of("name", "stack"), "width", 0.6, "color",
            "#333333", "size", 0.3));
    scaleFill(true);
    categoryAxis();
    return finish("label", true);
  }

  /** Lines without markers, one for each series or, where rows are joined, one for each of these. */
  Map<String, Object> curves() {
    boolean joined = marks.stream().anyMatch(mark -> mark.joined() != null);
    layers.add(
        layer(
            "line",
            data(marks),
            Spec.of(
                "x", "x", "y", "y", "color", "series", "linetype", "series", "group",
                joined ? "joined" : "group"),
            "size", 0.9));
    scaleSeries(false);
    numberAxis();
    return finish("x", true);
  }

  /** Writes other numbers at the horizontal axis. */
  Chart ticks(Ticks marks) {
    ticks = marks;
    return this;
  }

  /** A dashed line across at a height. */
  Chart target(double height) {
    layers.add(
        layer(
            "hline",
            Spec.of(),
            Spec.of(),
            "yintercept", height, "color", "#777777", "linetype", "dashed", "size", 0.5));
    return this;
  }

  /** A dashed line from the axis up to a height. */
  Chart drop(double x, double height, String name) {
    layers.add(vertical(x, colour(name), "dashed", height));
    return this;
  }

  private static Map<String, Object> vertical(
      double x, String colour, String line, double height) {
    if (Double.isNaN(height)) {
      return layer(
          "vline", Spec.of(), Spec.of(),
          "xintercept", x, "color", colour, "linetype", line, "size", 0.5);
    }
    return layer(
        "segment", Spec.of(), Spec.of(),
        "x", x, "xend", x, "y", 0, "yend", height, "color", colour, "linetype", line, "size", 0.5);
  }

  private void addMarkers() {
    for (boolean hollow : new boolean[] {false, true}) {
      List<Mark> some = marks.stream().filter(mark -> mark.hollow() == hollow).toList();
      if (some.isEmpty()) {
        continue;
      }
      Map<String, Object> mapping =
          Spec.of("x", "x", "y", "y", "color", "series", "shape", "series");
      if (hollow) {
        layers.add(
            layer("point", data(some), mapping, "size", MARK, "fill", "white", "stroke", 1.1));
      } else {
        layers.add(
            layer(
                "point", data(some), Spec.with(mapping, "fill", "series"),
                "size", MARK, "stroke", 0.8));
      }
    }
  }

  private Map<String, Object> errors(List<Mark> all) {
    List<Mark> bounded =
        request.errors() == FigureRequest.Errors.NONE
            ? List.of()
            : all.stream().filter(mark -> mark.low() != null).toList();
    return layer(
        "errorbar",
        data(bounded),
        Spec.of("x", "x", "ymin", "low", "ymax", "high", "color", "series"),
        "width", span.width() * 0.02, "size", 0.5, "show_legend", false);
  }

  private static Map<String, Object> layer(
      String geom, Map<String, Object> data, Map<String, Object> mapping, Object... options) {
    Map<String, Object> layer =
        Spec.of("geom", geom, "data", data, "mapping", mapping, "tooltips", "none");
    layer.putAll(Spec.of(options));
    return layer;
  }

  private Map<String, Object> data(List<Mark> some) {
    return Spec.of(
        "x", Spec.list(some.stream().map(span::place).toList()),
        "label", Spec.list(some.stream().map(mark -> String.valueOf(mark.label())).toList()),
        "y", Spec.list(some.stream().map(Mark::y).toList()),
        "low", nullable(some.stream().<@Nullable Double>map(span::low).toList()),
        "high", nullable(some.stream().<@Nullable Double>map(span::high).toList()),
        "series", Spec.list(some.stream().map(Mark::series).toList()),
        "facet", Spec.list(some.stream().map(Mark::facet).toList()),
        "joined", Spec.list(some.stream().map(mark -> String.valueOf(mark.joined())).toList()),
        "group", Spec.list(some.stream().map(mark -> mark.series() + "|" + mark.facet()).toList()),
        "filled", Spec.list(some.stream().map(mark -> mark.hollow() ? "no" : "yes").toList()));
  }

  @SuppressWarnings("NullAway")
  private static List<Object> nullable(List<@Nullable Double> values) {
    return new ArrayList<Object>(values);
  }

  private int place(String name) {
    int place = places.indexOf(name);
    return place < 0 ? places.size() + series.indexOf(name) : place;
  }

  private String colour(String name) {
    return Palette.colour(place(name));
  }

  private void scaleSeries(boolean markers) {
    List<Object> names = Spec.list(series);
    List<Object> colours = Spec.list(series.stream().map(this::colour).toList());
    scales.add(Spec.of("aesthetic", "color", "limits", names, "values", colours, "name", ""));
    scales.add(
        Spec.of(
            "aesthetic", "linetype", "limits", names, "name", "", "values",
            Spec.list(series.stream().map(name -> Palette.line(place(name))).toList())));
    if (markers) {
      scales.add(Spec.of("aesthetic", "fill", "limits", names, "values", colours, "name", ""));
      scales.add(
          Spec.of(
              "aesthetic", "shape", "limits", names, "name", "", "values",
              Spec.list(series.stream().map(name -> Palette.marker(place(name))).toList())));
    }
  }

  private void scaleFill(boolean stages) {
    scales.add(
        Spec.of(
            "aesthetic", "fill", "limits", Spec.list(series), "name", "", "values",
            Spec.list(
                series.stream()
                    .map(name -> stages ? Palette.stage(series.indexOf(name)) : colour(name))
                    .toList())));
  }

  private void numberAxis() {
    if (request.log()) {
      scales.add(Spec.of("aesthetic", "x", "name", xTitle, "trans", "log10"));
      scales.add(Spec.of("aesthetic", "y", "name", yTitle, "trans", "log10"));
      return;
    }
    Map<String, Object> x =
        Spec.of("aesthetic", "x", "name", xTitle, "expand", Spec.list(List.of(0, 0)));
    Ticks written =
        ticks != null || span.detachedAt() == null ? ticks : new Ticks(span.breaks(), span.labels());
    if (written != null) {
      x.put("breaks", Spec.list(written.at()));
      x.put("labels", Spec.list(written.labels()));
    }
    scales.add(x);
    scales.add(
        Spec.of("aesthetic", "y", "name", yTitle, "expand", Spec.list(List.of(0, 0))));
  }

  private void categoryAxis() {
    Set<String> labels = new LinkedHashSet<>();
    places.forEach(name -> {
      if (marks.stream().anyMatch(mark -> name.equals(mark.label()))) {
        labels.add(name);
      }
    });
    marks.forEach(mark -> labels.add(String.valueOf(mark.label())));
    scales.add(
        Spec.of(
            "aesthetic", "x", "name", xTitle, "discrete", true, "limits",
            Spec.list(List.copyOf(labels))));
    scales.add(
        Spec.of(
            "aesthetic", "y", "name", yTitle, "expand", Spec.list(List.of(0, 0))));
  }

  private Map<String, Object> finish(String x, boolean legend) {
    Legend place = Legend.of(marks, series, span, request.style(), x.equals("label"));
    Map<String, Object> coordinates =
        Spec.of("name", "cartesian", "ylim", Spec.list(List.of(0, span.top() * place.headroom())));
    if (x.equals("x")) {
      coordinates.put("xlim", Spec.list(List.of(span.left(), span.right())));
    }
    Map<String, Object> chart =
        Spec.of(
            "kind", "plot",
            "data", Spec.of(),
            "mapping", Spec.of(),
            "layers", Spec.list(layers),
            "scales", Spec.list(scales),
            "theme", Theme.of(legend ? place : null),
            "guides", Spec.of(),
            "ggsize",
                Spec.of("width", request.style().width(), "height", request.style().height()));
    if (!request.log()) {
      chart.put("coord", coordinates);
    }
    if (marks.stream().anyMatch(mark -> !mark.facet().isEmpty())) {
      long facets = marks.stream().map(Mark::facet).distinct().count();
      chart.put(
          "facet",
          Spec.of(
              "name", "wrap", "facets", Spec.list(List.of("facet")), "ncol",
              (int) Math.min(3, facets), "order", Spec.list(List.of(1))));
    }
    return chart;
  }
}
