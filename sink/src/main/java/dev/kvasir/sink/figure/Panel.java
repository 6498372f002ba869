package dev.kvasir.sink.figure;

/**
 * The part of a figure inside its axes, estimated.
 *
 * @param width CSS pixels
 * @param height CSS pixels
 */
record Panel(double width, double height) {

  private static final double AXIS_WIDTH = 62;
  private static final double AXIS_HEIGHT = 50;
  private static final double STRIP = 30;
  private static final double BETWEEN = 10;

  /**
   * The panels of a figure.
   *
   * @param columns panels beside each other
   * @param rows panels above each other
   * @param facets whether each has a title
   */
  static Panel of(int width, int height, int columns, int rows, boolean facets) {
    return new Panel(
        (width - AXIS_WIDTH - (columns - 1) * BETWEEN) / columns,
        (height - AXIS_HEIGHT - (facets ? STRIP * rows : 0)) / rows);
  }

  /** The same with less height, where labels below it need more. */
  Panel lower(double pixels) {
    return new Panel(width, Math.max(1, height - pixels));
  }
}
