package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.QueryResult;
import java.util.Map;

/**
 * A figure that is ready to be drawn.
 *
 * @param name name of its files, without the ending
 * @param chart the chart in the plot library's language
 * @param width its width, CSS pixels
 * @param caption what it shows, for the text below it
 * @param data the rows behind it
 * @param sql the query of these rows
 */
public record Figure(
    String name,
    Map<String, Object> chart,
    int width,
    String caption,
    QueryResult data,
    String sql) {

  /** The figure as SVG text. */
  public String svg() {
    return Drawing.svg(chart);
  }
}
