package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lines over measurements that no warehouse holds, in panels beside each other. */
public final class MeasuredLines {

  private static final int WIDTH = 672;
  private static final int HEIGHT = 260;

  private MeasuredLines() {}

  /** One measurement. */
  public record Point(String series, double x, double y) {}

  /**
   * A panel.
   *
   * @param title of its horizontal axis
   * @param points at least one, those of a series from left to right
   */
  public record Part(String title, List<Point> points) {

    public Part {
      points = List.copyOf(points);
    }
  }

  /**
   * What is drawn.
   *
   * @param name name of the files, without the ending
   * @param title of every panel's vertical axis
   * @param parts panels, from left to right
   * @param levels heights that dashed lines mark
   * @param ceiling points above it are drawn there, hollow
   * @param source where the numbers come from, for who looks for a query
   * @param caption what is shown
   */
  public record Order(
      String name,
      String title,
      List<Part> parts,
      List<Double> levels,
      double ceiling,
      String source,
      String caption) {

    public Order {
      parts = List.copyOf(parts);
      levels = List.copyOf(levels);
    }
  }

  /** The figure. */
  public static Figure draw(Order order) {
    List<String> series =
        order.parts().stream()
            .flatMap(part -> part.points().stream())
            .map(Point::series)
            .distinct()
            .toList();
    List<Map<String, Object>> panels =
        order.parts().stream().map(part -> panel(order, part, series)).toList();
    Map<String, Object> chart =
        Spec.of(
            "kind",
            "subplots",
            "layout",
            Spec.of("name", "grid", "ncol", panels.size(), "nrow", 1),
            "figures",
            Spec.list(panels),
            "ggsize",
            Spec.of("width", WIDTH, "height", HEIGHT));
    return new Figure(
        order.name(), chart, WIDTH, order.caption(), data(order), "-- " + order.source());
  }

  private static Map<String, Object> panel(Order order, Part part, List<String> series) {
    List<Mark> marks = part.points().stream().map(point -> mark(point, order.ceiling())).toList();
    Chart chart =
        new Chart(
            FigureRequest.of(FigureKind.LINE),
            marks,
            series,
            new Chart.Titles(part.title(), order.title(), false, false),
            WIDTH / order.parts().size());
    order.levels().forEach(chart::target);
    return chart.lines();
  }

  private static Mark mark(Point point, double ceiling) {
    return new Mark(
        point.series(),
        "",
        null,
        point.x(),
        Math.min(point.y(), ceiling),
        null,
        null,
        1,
        point.y() > ceiling,
        null,
        false);
  }

  private static QueryResult data(Order order) {
    List<List<Object>> rows = new ArrayList<>();
    for (Part part : order.parts()) {
      for (Point point : part.points()) {
        rows.add(List.of(part.title(), point.series(), point.x(), point.y()));
      }
    }
    return new QueryResult(
        List.of(
            new QueryResult.Column("axis", "VARCHAR"),
            new QueryResult.Column("series", "VARCHAR"),
            new QueryResult.Column("x", "DOUBLE"),
            new QueryResult.Column("y", "DOUBLE")),
        List.copyOf(rows),
        false);
  }
}
