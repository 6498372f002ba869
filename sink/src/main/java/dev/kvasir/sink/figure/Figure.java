package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.QueryResult;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern ID = Pattern.compile("\\bid=\"([A-Za-z0-9]+)\"");

  /** The figure as SVG text; ids in it begin with the figure's name, the same at every call. */
  public String svg() {
    String drawn = Drawing.svg(chart);
    Map<String, String> ids = new LinkedHashMap<>();
    Matcher found = ID.matcher(drawn);
    while (found.find()) {
      ids.putIfAbsent(found.group(1), "%s-%d".formatted(name.replace('.', '_'), ids.size()));
    }
    String svg = drawn;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      svg = svg.replace(id.getKey(), id.getValue());
    }
    return svg;
  }
}
