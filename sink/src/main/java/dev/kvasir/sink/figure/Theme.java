package dev.kvasir.sink.figure;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The look that every figure shares: black on white, a light grid, small text. */
final class Theme {

  private static final int TEXT = 11;

  private Theme() {}

  /**
   * @param legend where the legend stands; null for none
   */
  static Map<String, Object> of(@Nullable Legend legend) {
    Map<String, Object> theme =
        Spec.of(
            "name", "bw",
            "text", Spec.of("name", "text", "family", "Helvetica", "color", "#000000"),
            "axis_title", text(TEXT),
            "axis_text", text(TEXT - 1),
            "legend_text", text(TEXT - 1),
            "legend_title", blank(),
            "strip_text", text(TEXT),
            "panel_grid_minor", blank(),
            "panel_grid_major", Spec.of("name", "line", "color", "#E4E4E4", "size", 0.4),
            "panel_border", Spec.of("name", "rect", "color", "#000000", "size", 0.8),
            "axis_ticks", Spec.of("name", "line", "color", "#000000", "size", 0.6),
            "plot_background", Spec.of("name", "rect", "fill", "#FFFFFF", "color", "#FFFFFF"),
            "legend_background", blank());
    if (legend == null) {
      theme.put("legend_position", "none");
    } else {
      theme.put("legend_position", Spec.list(List.of(legend.x(), legend.y())));
      theme.put(
          "legend_justification",
          Spec.list(List.of(legend.x() < 0.5 ? 0 : 1, legend.y() < 0.5 ? 0 : 1)));
    }
    return theme;
  }

  private static Map<String, Object> text(int size) {
    return Spec.of("name", "text", "size", size, "color", "#000000");
  }

  private static Map<String, Object> blank() {
    return Spec.of("name", "blank", "blank", true);
  }
}
