package dev.kvasir.sink.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Layers of a chart in the plot library's language; each carries its own data. */
final class Layers {

  private static final double THIN = 0.5;

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

  /** A straight line between two places, in every panel. */
  void segment(double x, double y, double xEnd, double yEnd, String colour, String line) {
    add(
        "segment",
        Spec.of(),
        Spec.of(),
        "x",
        x,
        "xend",
        xEnd,
        "y",
        y,
        "yend",
        yEnd,
        "color",
        colour,
        "linetype",
        line,
        "size",
        THIN);
  }

  /**
   * Error bars with caps.
   *
   * @param data columns x, low, high, and left and right for the caps
   * @param mapping what gives them their colour
   */
  void errorBars(Map<String, Object> data, Map<String, Object> mapping, Object... options) {
    Object[] all = new Object[options.length + 2];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = "size";
    all[options.length + 1] = THIN;
    Map<String, Object> upright =
        Spec.with(mapping, "x", "x", "xend", "x", "y", "low", "yend", "high");
    add("segment", data, upright, all);
    for (String end : List.of("low", "high")) {
      add(
          "segment",
          data,
          Spec.with(mapping, "x", "left", "xend", "right", "y", end, "yend", end),
          all);
    }
  }
}
