package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes figures from the warehouse. */
public final class Figures {

  private final Queries queries;

  public Figures(Queries queries) {
    this.queries = queries;
  }

  /**
   * Makes one figure.
   *
   * @throws IllegalArgumentException if the request names no quantity, or nothing is there to draw
   */
  public Figure draw(FigureRequest request) {
    FigureQuery query = new FigureQuery(request);
    String sql = query.sql();
    QueryResult rows = queries.query(sql);
    List<Mark> marks = Mark.of(rows, errors(request), isPercent(request));
    if (marks.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to draw: no counted run has %s and %s%s"
              .formatted(
                  request.xOrUsual(),
                  request.yOrUsual(),
                  request.where() == null ? "" : " where " + request.where()));
    }
    Context context = context(query);
    List<String> places = texts(queries.query(query.places(context.experiments())), "series");
    String x = xTitle(request);
    String y = yTitle(request);
    Chart chart =
        new Chart(
            request,
            marks,
            places,
            new Chart.Titles(x, y, isPercent(request), isFull(request)),
            request.style().width());
    return new Figure(
        request.file() == null ? name(request) : request.file(),
        drawn(request, chart),
        request.style().width(),
        Caption.of(request, x, y, marks, rows, context),
        rows,
        sql);
  }

  private Context context(FigureQuery query) {
    QueryResult drawn = queries.query(query.context());
    List<String> experiments = texts(drawn, "experiment");
    return new Context(experiments, drawn, queries.query(FigureQuery.leftOut(experiments)));
  }

  static List<String> texts(QueryResult result, String column) {
    return result.column(column).stream().map(String::valueOf).toList();
  }

  private static Map<String, Object> drawn(FigureRequest request, Chart chart) {
    if (request.kind() == FigureKind.ATTAINMENT) {
      chart.target(100 * request.slo().targetOrUsual());
    }
    if (request.kind() == FigureKind.SPEEDUP) {
      chart.target(1);
    }
    return switch (request.kind().shape()) {
      case LINES -> chart.lines();
      case POINTS -> chart.scatter();
      case BARS -> chart.bars();
      case STACKS -> chart.stacks();
      case STEPS -> chart.curves();
    };
  }

  private static FigureRequest.Errors errors(FigureRequest request) {
    return switch (request.kind().shape()) {
      case LINES, BARS -> request.errors();
      case POINTS, STACKS, STEPS -> FigureRequest.Errors.NONE;
    };
  }

  private static boolean isFull(FigureRequest request) {
    return request.kind() == FigureKind.CDF || request.kind() == FigureKind.ATTAINMENT;
  }

  private static boolean isPercent(FigureRequest request) {
    return switch (request.kind()) {
      case CDF -> true;
      case BARS, BREAKDOWN, DRIFT, SPEEDUP -> false;
      default -> Quantity.named(request.yOrUsual()).percent();
    };
  }

  private static String xTitle(FigureRequest request) {
    return switch (request.kind()) {
      case BARS, BREAKDOWN -> "";
      case GRID -> "Input / output length (tokens)";
      case MEDIA, NETWORK -> "Prompt length (tokens)";
      case CDF -> "TTFT (ms)";
      case DRIFT -> "Time since the run's start (s)";
      default -> Quantity.named(request.xOrUsual()).title();
    };
  }

  private static String yTitle(FigureRequest request) {
    return switch (request.kind()) {
      case BARS -> request.yOrUsual().replaceFirst("^.*-", "").toUpperCase(Locale.ROOT) + " (ms)";
      case BREAKDOWN -> "Mean time of a request (ms)";
      case CDF -> "Requests (%)";
      case DRIFT -> OverTime.named(request.yOrUsual()).title();
      case SPEEDUP ->
          Quantity.named(request.yOrUsual()).title().replaceFirst(" \\(.*", "") + " speed-up (×)";
      default -> Quantity.named(request.yOrUsual()).title();
    };
  }

  private static String name(FigureRequest request) {
    String kind = request.kind().name().toLowerCase(Locale.ROOT);
    String axes =
        request.x() == null && request.y() == null
            ? ""
            : "-" + request.yOrUsual() + "-by-" + request.xOrUsual();
    return FigureFiles.safe(kind + axes);
  }
}
