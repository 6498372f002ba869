package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * SLO attainment against the rate and against the scale of the limits, as DistServe draws them: one
 * strategy with a line for both limits and one for each, or several strategies for one of these.
 */
public final class SloFigures {

  private static final int WIDTH = 672;
  private static final int HEIGHT = 260;
  private static final String BY_TYPE =
      "CASE type WHEN 'both' THEN 'Both' WHEN 'ttft' THEN 'TTFT' ELSE 'TPOT' END";

  /** Which limits a request must meet. */
  public enum Type {
    BOTH("SLO attainment (%)"),
    TTFT("TTFT attainment (%)"),
    TPOT("TPOT attainment (%)");

    private final String title;

    Type(String title) {
      this.title = title;
    }

    String column() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is drawn.
   *
   * @param subjects strategies, as experiment/strategy
   * @param slo limits
   * @param commonRates whether only rates that every subject ran are drawn
   * @param perGpu whether the rate is divided by the GPUs
   * @param scaleRate rate at which the limits are scaled; null for the middle one
   */
  public record Order(
      List<String> subjects,
      FigureRequest.Limits slo,
      boolean commonRates,
      boolean perGpu,
      @Nullable Double scaleRate) {

    /** Whether strategies of several experiments share a name. */
    boolean hasTwins() {
      return subjects.stream().map(SloFigures::strategy).distinct().count() < subjects.size();
    }

    /** What a subject is called among the others. */
    String shown(String subject) {
      return hasTwins() ? subject : strategy(subject);
    }
  }

  private final Queries queries;

  public SloFigures(Queries queries) {
    this.queries = queries;
  }

  /** One strategy: three lines and the crossings. */
  public Figure single(Order order) {
    String subject = order.subjects().getFirst();
    Panels panels = panels(order, Type.BOTH, true);
    return figure(
        order,
        panels,
        List.of("Both", "TTFT", "TPOT"),
        FigureFiles.safe(strategy(subject)) + "_benchmark_plots",
        Type.BOTH.title);
  }

  /** Several strategies under one type of limits. */
  public Figure comparison(Order order, Type type) {
    String names =
        order.subjects().stream()
            .map(subject -> FigureFiles.safe(order.shown(subject)))
            .collect(Collectors.joining("_vs_"));
    return figure(
        order,
        panels(order, type, false),
        places(order),
        "%s_comparison_%s".formatted(names, type.column()),
        type.title);
  }

  private static String strategy(String subject) {
    return subject.substring(subject.lastIndexOf('/') + 1);
  }

  /**
   * The two halves.
   *
   * @param rows their rows, the horizontal axis named by column {@code axis}
   * @param sql the query of these rows
   */
  private record Panels(QueryResult rows, String sql) {}

  private Panels panels(Order order, Type type, boolean types) {
    String sql = sql(order, type, types);
    QueryResult rows = queries.query(sql);
    if (rows.rows().isEmpty()) {
      throw new IllegalArgumentException(
          "there is nothing to draw: no counted open-loop run of %s%s"
              .formatted(
                  String.join(", ", order.subjects()),
                  order.commonRates() && order.subjects().size() > 1
                      ? " at a rate that all of them ran; try --rates own"
                      : ""));
    }
    return new Panels(rows, sql);
  }

  private static String sql(Order order, Type type, boolean types) {
    List<String> subjects = order.subjects();
    return SqlTemplate.named("slo")
        .with("rate", order.perGpu() ? "rate_per_gpu" : "rate")
        .with("subjects", SqlTemplate.literals(subjects))
        .with("common", order.commonRates() && subjects.size() > 1)
        .with("subject_count", subjects.size())
        .with("scale_rate", SqlTemplate.number(order.scaleRate()))
        .with("ttft_slo", SqlTemplate.number(order.slo().ttftMs()))
        .with("tpot_slo", SqlTemplate.number(order.slo().tpotMs()))
        .with("types", types ? "'both', 'ttft', 'tpot'" : SqlTemplate.literal(type.column()))
        .with("series", types ? BY_TYPE : order.hasTwins() ? "subject" : "strategy")
        .toString();
  }

  /** The strategies of the experiments, the first started first, so that colours stay. */
  private List<String> places(Order order) {
    if (order.hasTwins()) {
      return order.subjects();
    }
    List<String> experiments =
        order.subjects().stream()
            .map(subject -> subject.substring(0, Math.max(0, subject.lastIndexOf('/'))))
            .distinct()
            .toList();
    String sql =
        SqlTemplate.named("places")
            .with("runs", "figure_runs")
            .with("series", "strategy")
            .with("experiments", SqlTemplate.literals(experiments))
            .toString();
    return Figures.texts(queries.query(sql), "series");
  }

  private Figure figure(
      Order order, Panels panels, List<String> places, String name, String yTitle) {
    double target = 100 * order.slo().targetOrUsual();
    List<Mark> marks = Mark.of(panels.rows(), FigureRequest.Errors.CI, true);
    List<Mark> rate = marks(panels.rows(), marks, "rate");
    List<Mark> scale = marks(panels.rows(), marks, "scale");
    String rateTitle =
        order.perGpu() ? "Request rate per GPU (requests/s)" : "Request rate (requests/s)";
    FigureRequest plain = FigureRequest.of(FigureKind.ATTAINMENT);
    Chart left =
        new Chart(plain, rate, places, new Chart.Titles(rateTitle, yTitle, true, true), WIDTH / 2);
    drops(left, rate, target);
    Chart right =
        new Chart(
            plain.between(-1.55, -0.35),
            scale,
            places,
            new Chart.Titles("SLO scale", yTitle, true, true),
            WIDTH / 2);
    drops(right, scale, target);
    List<Double> at = List.of(-1.4, -1.2, -1.0, -0.8, -0.6, -0.4);
    right.ticks(new Ticks(at, at.stream().map(x -> Span.text(-x)).toList()));
    Map<String, Object> chart =
        Spec.of(
            "kind", "subplots",
            "layout", Spec.of("name", "grid", "ncol", 2, "nrow", 1),
            "figures",
                Spec.list(List.of(left.target(target).lines(), right.target(target).lines())),
            "ggsize", Spec.of("width", WIDTH, "height", HEIGHT));
    return new Figure(
        name,
        chart,
        WIDTH,
        caption(order, rate, scale, target, panels.rows()),
        panels.rows(),
        panels.sql());
  }

  private static List<Mark> marks(QueryResult rows, List<Mark> marks, String axis) {
    List<Object> axes = new ArrayList<>();
    rows.column("axis").forEach(value -> axes.add(String.valueOf(value)));
    List<Mark> some = new ArrayList<>();
    for (int i = 0; i < marks.size(); i++) {
      if (axes.get(i).equals(axis)) {
        some.add(marks.get(i));
      }
    }
    return some;
  }

  /** A dashed line down from where each series crosses the target for the first time. */
  private static void drops(Chart chart, List<Mark> marks, double target) {
    for (String series : marks.stream().map(Mark::series).distinct().toList()) {
      List<Double> at = crossings(marks, series, target);
      if (!at.isEmpty()) {
        chart.drop(at.getFirst(), target, series);
      }
    }
  }

  /** Where a series crosses the target, between neighbouring marks at finite places. */
  static List<Double> crossings(List<Mark> marks, String series, double target) {
    List<Double> found = new ArrayList<>();
    double beforeX = Double.NaN;
    double beforeY = Double.NaN;
    for (Mark mark : marks) {
      Double x = mark.x();
      if (!mark.series().equals(series) || mark.isDetached() || x == null) {
        continue;
      }
      if (!Double.isNaN(beforeY) && beforeY < target != mark.y() < target) {
        found.add(beforeX + (target - beforeY) / (mark.y() - beforeY) * (x - beforeX));
      }
      beforeX = x;
      beforeY = mark.y();
    }
    return found;
  }

  private static String caption(
      Order order, List<Mark> rate, List<Mark> scale, double target, QueryResult rows) {
    StringBuilder text = new StringBuilder();
    text.append(
        "SLO attainment of %s against the request rate%s (left) and against the scale of both limits (right, tighter to the right, at %s requests/s). "
            .formatted(
                String.join(", ", order.subjects()),
                order.perGpu() ? " per GPU" : "",
                scaleRate(rows)));
    text.append(
        "Limits: TTFT %s, TPOT %s; target %s %% (dashed). "
            .formatted(
                limit(order.slo().ttftMs(), 125),
                limit(order.slo().tpotMs(), 200),
                Span.text(target)));
    for (String series : rate.stream().map(Mark::series).distinct().toList()) {
      text.append(
          "%s crosses the target at %s and at %s. "
              .formatted(
                  series,
                  said(crossings(rate, series, target), 1, "%s requests/s", "no rate"),
                  said(crossings(scale, series, target), -1, "scale %s", "no scale")));
    }
    long n = rate.stream().mapToLong(Mark::n).min().orElse(0);
    text.append(
        "Means over n = %d repeats%s%s. Failed and unsent requests are misses; an infinite rate takes part in no crossing."
            .formatted(
                n,
                n < 3 ? " (fewer than 3: read with care)" : "",
                rate.stream().allMatch(mark -> mark.low() == null)
                    ? ""
                    : "; error bars: " + FigureRequest.Errors.CI.meaning()));
    if (rate.stream().anyMatch(Mark::hollow)) {
      text.append(" Hollow: a run whose verdict is not usable, where its cell has no other.");
    }
    return text.toString();
  }

  private static String scaleRate(QueryResult rows) {
    List<?> axes = rows.column("axis");
    List<?> rates = rows.column("at_rate");
    return IntStream.range(0, axes.size())
        .filter(i -> "scale".equals(axes.get(i)))
        .mapToObj(i -> String.valueOf(rates.get(i)))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** The first crossing, and the last one where there are several. */
  private static String said(List<Double> crossings, int sign, String some, String none) {
    if (crossings.isEmpty()) {
      return none;
    }
    String first = some.formatted(Span.text(sign * crossings.getFirst()));
    return crossings.size() == 1
        ? first
        : "%s (for the last time at %s)".formatted(first, Span.text(sign * crossings.getLast()));
  }

  private static String limit(@Nullable Double given, int usual) {
    return given == null
        ? "as each run states, else %d ms".formatted(usual)
        : Span.text(given) + " ms";
  }
}
