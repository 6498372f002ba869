package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Layers of a chart in the plot library's language; each carries its own data. */
final class Layers {

  /** Width of a line between marks. */
  static final double LINE = 0.7;

  private static final double THIN = 0.5;
  private static final double MARK = 2.1;
  private static final double STROKE = 0.9;
  private static final double CAP_PIXELS = 3;

  private final List<Map<String, Object>> layers = new ArrayList<>();

  List<Object> all() {
    return Spec.list(layers);
  }

  void add(String geom, Map<String, Object> data, Map<String, Object> mapping, Object... options) {
    Map<String, Object> layer =
        Spec.of("geom", geom, "data", data, "mapping", mapping, "tooltips", "none");
    layer.putAll(Spec.of(options));
    layers.add(layer);
  }

  /**
   * Markers of series.
   *
   * @param place what gives them their place
   */
  void markers(Map<String, Object> data, Map<String, Object> place, boolean hollow) {
    Map<String, Object> mapping = Spec.with(place, "color", "series", "shape", "series");
    if (hollow) {
      add("point", data, mapping, "size", MARK, "stroke", STROKE, "fill", "white");
    } else {
      add("point", data, Spec.with(mapping, "fill", "series"), "size", MARK, "stroke", STROKE);
    }
  }

  /** A line from one end of every panel to the other, upright or level. */
  void rule(String geom, String intercept, double at, String colour, String line) {
    add(geom, Spec.of(), Spec.of(), intercept, at, "color", colour, "linetype", line, "size", THIN);
  }

  /** A dashed line up from the axis, in every panel. */
  void upright(double x, double height, String colour) {
    add(
        "segment",
        Spec.of(),
        Spec.of(),
        "x",
        x,
        "xend",
        x,
        "y",
        0,
        "yend",
        height,
        "color",
        colour,
        "linetype",
        "dashed",
        "size",
        THIN);
  }

  /**
   * Error bars with caps, of those marks that have them.
   *
   * @param span how far the axes reach; what is above them is cut and has no cap
   * @param panel the pixels that they take
   * @param mapping what gives them their colour
   */
  void errorBars(
      List<Mark> marks,
      ToDoubleFunction<Mark> place,
      Span span,
      Panel panel,
      Map<String, Object> mapping,
      Object... options) {
    List<Mark> some =
        marks.stream().filter(mark -> mark.low() != null && mark.high() != null).toList();
    if (some.isEmpty()) {
      return;
    }
    double cap = CAP_PIXELS * span.width() / panel.width();
    List<Double> at = some.stream().map(place::applyAsDouble).toList();
    Map<String, Object> data =
        Spec.of(
            "x", Spec.list(at),
            "left", Spec.list(at.stream().map(x -> x - cap).toList()),
            "right", Spec.list(at.stream().map(x -> x + cap).toList()),
            "low", Spec.list(some.stream().map(mark -> end(span, mark.low(), true)).toList()),
            "high", Spec.list(some.stream().map(mark -> end(span, mark.high(), true)).toList()),
            "low cap", Spec.list(some.stream().map(mark -> end(span, mark.low(), false)).toList()),
            "high cap",
                Spec.list(some.stream().map(mark -> end(span, mark.high(), false)).toList()),
            "series", Spec.list(some.stream().map(Mark::series).toList()),
            "facet", Spec.list(some.stream().map(Mark::facet).toList()));
    Object[] all = Spec.joined(options, "size", THIN);
    add(
        "segment",
        data,
        Spec.with(mapping, "x", "x", "xend", "x", "y", "low", "yend", "high"),
        all);
    for (String end : List.of("low cap", "high cap")) {
      add(
          "segment",
          data,
          Spec.with(mapping, "x", "left", "xend", "right", "y", end, "yend", end),
          all);
    }
  }

  /** The end of an error bar: cut at the axis' ends, or absent when it would be. */
  private static @Nullable Double end(Span span, @Nullable Double end, boolean cut) {
    if (end == null || (end >= 0 && end <= span.top())) {
      return end;
    }
    return cut ? (Double) Math.clamp(end, 0, span.top()) : null;
  }
}
