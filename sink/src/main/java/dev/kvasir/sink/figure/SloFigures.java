package dev.kvasir.sink.figure;

import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * SLO attainment against the rate and against the scale of the limits, as DistServe draws them: one
 * strategy with a line for both limits and one for each, or several strategies for one of these.
 */
public final class SloFigures {

  private static final int WIDTH = 672;
  private static final int HEIGHT = 260;

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
      @Nullable Double scaleRate) {}

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
        FigureFiles.safe(last(subject)) + "_benchmark_plots",
        Type.BOTH.title);
  }

  /** Several strategies under one type of limits. */
  public Figure comparison(Order order, Type type) {
    String names =
        order.subjects().stream()
            .map(subject -> FigureFiles.safe(last(subject)))
            .collect(Collectors.joining("_vs_"));
    return figure(
        order,
        panels(order, type, false),
        places(order),
        "%s_comparison_%s".formatted(names, type.column()),
        type.title);
  }

  private static String last(String subject) {
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

  private static String number(@Nullable Double value) {
    return value == null ? "NULL::DOUBLE" : value + "::DOUBLE";
  }

  private static String sql(Order order, Type type, boolean types) {
    String subjects =
        order.subjects().stream()
            .map(subject -> "'" + subject.replace("'", "''") + "'")
            .collect(Collectors.joining(", "));
    String wanted = types ? "'both', 'ttft', 'tpot'" : "'%s'".formatted(type.column());
    return """
    WITH picked AS (
      SELECT *, experiment || '/' || strategy AS subject,
        %1$s AS drawn_rate
      FROM figure_runs
      WHERE scope = 'all' AND load_kind = 'OPEN' AND rate IS NOT NULL
        AND experiment || '/' || strategy IN (%2$s)
    ),
    common AS (
      SELECT * FROM picked WHERE NOT %3$s OR drawn_rate IN (
        SELECT drawn_rate FROM picked GROUP BY drawn_rate
        HAVING count(DISTINCT subject) = %4$d)
    ),
    middle AS (
      SELECT drawn_rate FROM (
        SELECT DISTINCT drawn_rate, dense_rank() OVER (ORDER BY drawn_rate) AS place
        FROM common WHERE NOT isinf(drawn_rate))
      ORDER BY abs(place - (SELECT 1 + count(DISTINCT drawn_rate) // 2 FROM common
        WHERE NOT isinf(drawn_rate))), drawn_rate LIMIT 1
    ),
    point AS (
      SELECT *, 'rate' AS axis, drawn_rate AS x, 1.0 AS scale FROM common
      UNION ALL
      SELECT c.*, 'scale', -i / 10.0, i / 10.0
      FROM common c, range(4, 16) steps(i)
      WHERE c.drawn_rate = coalesce(%5$s, (SELECT drawn_rate FROM middle))
    ),
    judged AS (
      SELECT p.axis, p.x, p.scale, p.subject, p.strategy, p.run, p.usable, p.drawn_rate,
        meets_ttft(f.outcome, f.ttft_ms, p.scale * coalesce(%6$s, p.ttft_slo_ms, 125)) AS ttft,
        meets_tpot(f.outcome, f.output_tokens, f.tpot_ms,
          p.scale * coalesce(%7$s, p.tpot_slo_ms, 200)) AS tpot
      FROM point p JOIN finished_requests f ON f.run = p.run WHERE f.phase = 'MEASURE'
    ),
    attained AS (
      SELECT axis, x, subject, strategy, run, usable, drawn_rate,
        avg((ttft AND tpot)::INT) AS both_share, avg(ttft::INT) AS ttft_share,
        avg(tpot::INT) AS tpot_share
      FROM judged GROUP BY ALL
    ),
    share AS (
      SELECT *, 'both' AS type, 100 * both_share AS share FROM attained
      UNION ALL
      SELECT *, 'ttft', 100 * ttft_share FROM attained
      UNION ALL
      SELECT *, 'tpot', 100 * tpot_share FROM attained
    ),
    cell AS (
      SELECT axis, subject, strategy, type, x, interval95(list(share)) AS i, count(*) AS n,
        bool_or(NOT usable) AS hollow, any_value(drawn_rate) AS at_rate
      FROM share WHERE type IN (%8$s)
      GROUP BY axis, subject, strategy, type, x
    )
    SELECT axis, %9$s AS series, NULL::VARCHAR AS facet, x, NULL::VARCHAR AS label, i.mean AS y,
      i.low AS low, i.high AS high, i.std AS std, n, hollow, subject, at_rate
    FROM cell ORDER BY axis, subject, type, x\
    """
        .formatted(
            order.perGpu() ? "rate_per_gpu" : "rate",
            subjects,
            order.commonRates() && order.subjects().size() > 1,
            order.subjects().size(),
            number(order.scaleRate()),
            number(order.slo().ttftMs()),
            number(order.slo().tpotMs()),
            wanted,
            types
                ? "CASE type WHEN 'both' THEN 'Both' WHEN 'ttft' THEN 'TTFT' ELSE 'TPOT' END"
                : "strategy");
  }

  /** The strategies of the experiments, the first started first, so that colours stay. */
  private List<String> places(Order order) {
    String experiments =
        order.subjects().stream()
            .map(subject -> subject.substring(0, Math.max(0, subject.lastIndexOf('/'))))
            .distinct()
            .map(name -> "'" + name.replace("'", "''") + "'")
            .collect(Collectors.joining(", "));
    return Figures.texts(
        queries.query(
            """
            SELECT strategy FROM (
              SELECT strategy, min(started_at) AS first FROM runs WHERE experiment IN (%s)
              GROUP BY 1) ORDER BY first, strategy\
            """
                .formatted(experiments)),
        "strategy");
  }

  private Figure figure(
      Order order, Panels panels, List<String> places, String name, String yTitle) {
    double target = 100 * order.slo().targetOrUsual();
    List<Mark> marks = Mark.of(panels.rows(), FigureRequest.Errors.CI);
    List<Mark> rate = marks(panels.rows(), marks, "rate");
    List<Mark> scale = marks(panels.rows(), marks, "scale");
    String rateTitle =
        order.perGpu() ? "Request rate per GPU (requests/s)" : "Request rate (requests/s)";
    FigureRequest plain = FigureRequest.of(FigureKind.ATTAINMENT);
    Chart left =
        new Chart(plain, rate, places, new Chart.Titles(rateTitle, yTitle, true, true), WIDTH / 2);
    crossings(left, rate, target);
    Chart right =
        new Chart(
            scaled(plain),
            scale,
            places,
            new Chart.Titles("SLO scale", yTitle, true, true),
            WIDTH / 2);
    crossings(right, scale, target);
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

  private static FigureRequest scaled(FigureRequest plain) {
    return new FigureRequest(
        plain.kind(),
        null,
        null,
        null,
        null,
        null,
        null,
        -1.55,
        -0.35,
        null,
        plain.errors(),
        plain.style(),
        plain.scope(),
        false,
        plain.slo(),
        null);
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
  private static void crossings(Chart chart, List<Mark> marks, double target) {
    for (String series : marks.stream().map(Mark::series).distinct().toList()) {
      Double at = crossing(marks, series, target);
      if (at != null) {
        chart.drop(at, target, series);
      }
    }
  }

  private static @Nullable Double crossing(List<Mark> marks, String series, double target) {
    Mark before = null;
    for (Mark mark : marks) {
      if (!mark.series().equals(series) || mark.isDetached() || mark.x() == null) {
        continue;
      }
      if (before != null && before.y() < target != mark.y() < target) {
        double from = before.x() == null ? 0 : before.x();
        return from + (target - before.y()) / (mark.y() - before.y()) * (mark.x() - from);
      }
      before = mark;
    }
    return null;
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
                  said(crossing(rate, series, target), 1, "%s requests/s", "no rate"),
                  said(crossing(scale, series, target), -1, "scale %s", "no scale")));
    }
    long n = rate.stream().mapToLong(Mark::n).min().orElse(0);
    text.append(
        "Means over n = %d repeats%s; error bars: %s. Failed and unsent requests are misses; an infinite rate takes part in no crossing."
            .formatted(
                n,
                n < 3 ? " (fewer than 3: read with care)" : "",
                FigureRequest.Errors.CI.meaning()));
    return text.toString();
  }

  private static String scaleRate(QueryResult rows) {
    List<String> rates = new ArrayList<>();
    for (int i = 0; i < rows.rows().size(); i++) {
      if ("scale".equals(rows.column("axis").get(i))) {
        rates.add(String.valueOf(rows.column("at_rate").get(i)));
      }
    }
    return rates.stream().distinct().sorted().collect(Collectors.joining(", "));
  }

  private static String said(@Nullable Double crossing, int sign, String some, String none) {
    return crossing == null ? none : some.formatted(Span.text(sign * crossing));
  }

  private static String limit(@Nullable Double given, int usual) {
    return given == null
        ? "as each run states, else %d ms".formatted(usual)
        : Span.text(given) + " ms";
  }
}
