package dev.kvasir.sink.figure;

import dev.kvasir.sink.figure.FigureKind.Shape;
import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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
    refuseLogBars(request);
    FigureQuery query = new FigureQuery(request);
    String sql = query.sql();
    QueryResult rows = queries.query(sql);
    List<Mark> all = Mark.of(rows, errors(request), isPercent(request));
    List<Mark> marks = onAxes(request, all);
    requireSome(request, marks);
    Context context = context(query);
    List<String> places = texts(queries.query(query.places(context.experiments())), "series");
    String x = xTitle(request);
    String y = yTitle(request);
    Chart.Titles titles = new Chart.Titles(x, y, isPercent(request), isFull(request));
    Chart chart =
        areCategories(request, marks)
            ? Chart.overCategories(request, marks, places, titles)
            : new Chart(request, marks, places, titles, request.style().width());
    return new Figure(
        request.file() == null ? name(request) : request.file(),
        drawn(request, chart),
        request.style().width(),
        Caption.of(request, x, y, marks, all.size() - marks.size(), rows, context),
        rows,
        sql);
  }

  private static void requireSome(FigureRequest request, List<Mark> marks) {
    if (marks.isEmpty()) {
      String baseline = request.baseline();
      throw new IllegalArgumentException(
          "there is nothing to draw: no counted run has %s and %s%s%s"
              .formatted(
                  request.xOrUsual(),
                  request.yOrUsual(),
                  baseline == null ? "" : " and a run of the strategy " + baseline + " beside it",
                  request.where() == null ? "" : " where " + request.where()));
    }
    String by = request.by();
    if (by != null && marks.stream().allMatch(mark -> mark.series().equals("null"))) {
      throw unknown("--by", by);
    }
    String facet = request.facet();
    if (facet != null && marks.stream().allMatch(mark -> mark.facet().isEmpty())) {
      throw unknown("--facet", facet);
    }
  }

  private static IllegalArgumentException unknown(String option, String name) {
    return new IllegalArgumentException(
        "no run that would be drawn has %s (%s), which is no column of figure_runs, parameter or label of theirs"
            .formatted(name, option));
  }

  private static void refuseLogBars(FigureRequest request) {
    if (request.log() && Set.of(Shape.BARS, Shape.STACKS).contains(request.kind().shape())) {
      throw new IllegalArgumentException(
          "bars begin at zero, which a logarithmic axis has not; leave --log away");
    }
    Double least = request.xMin();
    if (request.log() && least != null && least <= 0) {
      throw new IllegalArgumentException(
          "--xmin is %s; a logarithmic axis begins above 0".formatted(least));
    }
  }

  /** Logarithmic axes have no place for what is 0. */
  private static List<Mark> onAxes(FigureRequest request, List<Mark> marks) {
    if (!request.log()) {
      return marks;
    }
    boolean shares = isPercent(request);
    List<Mark> some = marks.stream().filter(mark -> LogAxes.holds(mark, shares)).toList();
    if (some.isEmpty() && !marks.isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to draw on logarithmic axes: no %s and %s above 0; leave --log away"
              .formatted(request.xOrUsual(), request.yOrUsual()));
    }
    return some;
  }

  /** Whether lines lead over names and not over numbers. */
  private static boolean areCategories(FigureRequest request, List<Mark> marks) {
    return request.kind().shape() == Shape.LINES
        && marks.stream().allMatch(mark -> mark.x() == null);
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
