package dev.kvasir.sink.figure;

import java.util.Map;

/** The look that every figure shares: black on white, a light grid, small text. */
final class Theme {

  /** Size of an axis' title, pixels. */
  private static final int TEXT = 11;

  /** Family of every text. */
  static final String FAMILY = "Helvetica";

  private Theme() {}

  /**
   * The look.
   *
   * @param angle degrees by which the labels of the horizontal axis are turned
   */
  static Map<String, Object> turned(int angle) {
    Map<String, Object> theme = plain();
    if (angle != 0) {
      Map<String, Object> label = Spec.with(text(TEXT - 1), "angle", angle);
      theme.put(
          "axis_text_x",
          angle == 90
              ? Spec.with(label, "vjust", 0.5, "hjust", 1)
              : Spec.with(label, "vjust", 1, "hjust", 1));
    }
    return theme;
  }

  private static Map<String, Object> plain() {
    return Spec.of(
        "name", "bw",
        "text", Spec.of("name", "text", "family", FAMILY, "color", "#000000"),
        "axis_title", text(TEXT),
        "axis_text", text(TEXT - 1),
        "plot_title", text(TEXT),
        "strip_text", text(TEXT - 1),
        "strip_background",
            Spec.of("name", "rect", "fill", "#F2F2F2", "color", "#000000", "size", 0.8),
        "panel_grid_minor", blank(),
        "panel_grid_major", Spec.of("name", "line", "color", "#E4E4E4", "size", 0.4),
        "panel_border", Spec.of("name", "rect", "color", "#000000", "size", 0.8),
        "axis_ticks", Spec.of("name", "line", "color", "#000000", "size", 0.6),
        "plot_background", Spec.of("name", "rect", "fill", "#FFFFFF", "color", "#FFFFFF"),
        "legend_position", "none");
  }

  private static Map<String, Object> text(int size) {
    return Spec.of("name", "text", "size", size, "color", "#000000");
  }

  private static Map<String, Object> blank() {
    return Spec.of("name", "blank", "blank", true);
  }
}
