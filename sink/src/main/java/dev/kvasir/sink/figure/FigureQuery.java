package dev.kvasir.sink.figure;

import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Questions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The SQL behind a figure. It answers columns {@code series, facet, label, x, y, low, high, std, n,
 * hollow}, and for a scatter {@code joined} and {@code frontier}; it has no parameters, so that the
 * file beside the figure runs as it is.
 */
final class FigureQuery {

  /** Columns of {@code figure_runs} that a series, panel or category can be named after. */
  private static final Set<String> COLUMNS =
      Set.of(
          "strategy",
          "series",
          "experiment",
          "cell",
          "load_point",
          "model",
          "engine",
          "engine_version",
          "workload",
          "medium",
          "connector",
          "arcc",
          "traffic_direction",
          "phase_measured",
          "cache_state",
          "gpus",
          "host",
          "repeat",
          "input_len",
          "output_len",
          "verdict",
          "id",
          "format",
          "origin_folder");

  private final FigureRequest request;

  FigureQuery(FigureRequest request) {
    this.request = request;
  }

  String sql() {
    return switch (request.kind()) {
      case PARETO -> pareto();
      case SPEEDUP -> speedup();
      case BARS -> bars();
      case GRID -> grid();
      case MEDIA -> cells("coalesce(medium, strategy)", "input_len", "format('{:,}', input_len)");
      case NETWORK ->
          cells(
              """
              concat_ws('-', nullif(coalesce(bandwidth_gbps::BIGINT || 'g', ''), ''),
                CASE traffic_direction WHEN 'east_west' THEN 'EW' WHEN 'north_south' THEN 'NS'
                  ELSE traffic_direction END, 'arcc ' || arcc)\
              """,
              "input_len",
              "format('{:,}', input_len)");
      case BREAKDOWN -> breakdown();
      case CDF -> distribution();
      case DRIFT -> drift();
      case LATENCY, THROUGHPUT, ATTAINMENT, FAILURES, LENGTH, BUDGET, QUALITY, LINE -> lines();
    };
  }

  /** The experiments that are drawn, and each one's runs as the caption tells them. */
  String places(List<String> experiments) {
    return """
    SELECT series FROM (
      SELECT %s AS series, min(started_at) AS first FROM figure_runs
      WHERE scope = 'all' AND experiment IN (%s) GROUP BY 1)
    ORDER BY first, series\
    """
        .formatted(by(), literals(experiments));
  }

  /** How many runs of some experiments are not counted, by verdict. */
  static String leftOut(List<String> experiments) {
    return """
    SELECT verdict, count(*) AS runs FROM runs r
    WHERE verdict IS NOT NULL AND experiment IN (%s)
      AND NOT EXISTS (SELECT 1 FROM counted_runs c WHERE c.run = r.run)
    GROUP BY verdict ORDER BY verdict\
    """
        .formatted(literals(experiments));
  }

  private static String literals(List<String> texts) {
    return texts.stream()
        .map(text -> "'" + text.replace("'", "''") + "'")
        .collect(Collectors.joining(", "));
  }

  /** What the caption tells: a row for each experiment that is drawn. */
  String context() {
    return """
    SELECT experiment, string_agg(DISTINCT model, ', ') AS models,
      string_agg(DISTINCT workload, ', ') AS workloads, count(*) AS runs, min(n) AS least_n,
      max(n) AS most_n, count(*) FILTER (WHERE NOT usable) AS unusable,
      string_agg(DISTINCT format, ', ') AS formats
    FROM figure_runs WHERE scope = 'all' AND %s
    GROUP BY experiment ORDER BY experiment\
    """
        .formatted(where());
  }

  private String where() {
    return request.where() == null ? "true" : "(" + request.where() + ")";
  }

  private String by() {
    return request.by() == null ? "strategy" : named(request.by());
  }

  private String facet() {
    String name = request.facet();
    if (name == null) {
      return "NULL::VARCHAR";
    }
    boolean speaksForItself = Set.of("strategy", "model", "workload", "experiment").contains(name);
    return speaksForItself
        ? named(name)
        : "'%s = ' || %s".formatted(name.replace("'", "''").replace('_', ' '), named(name));
  }

  /** A text that groups runs: columns, labels or parameters, joined where there are several. */
  private static String named(String names) {
    String[] parts = names.split(",", -1);
    if (parts.length == 1) {
      return one(parts[0].strip());
    }
    StringBuilder joined = new StringBuilder("concat_ws(' '");
    for (String part : parts) {
      joined.append(", ").append(one(part.strip()));
    }
    return joined.append(')').toString();
  }

  private static String one(String name) {
    String column = name.replace('-', '_');
    return COLUMNS.contains(column) ? column + "::VARCHAR" : Quantity.text(name);
  }

  /** The runs that are drawn, with attainment under the limits that are asked for. */
  private String picked(Quantity... quantities) {
    String runs =
        "picked AS (\n  SELECT * FROM figure_runs WHERE scope = '%s' AND %s\n)"
            .formatted(request.scope(), where());
    for (Quantity quantity : quantities) {
      if (quantity.sql().contains("attained")) {
        return "WITH " + runs + ",\n" + judged();
      }
    }
    return "WITH " + runs + ",\nrun AS (FROM picked)";
  }

  private String judged() {
    FigureRequest.Limits slo = request.slo();
    String ttft =
        "meets_ttft(f.outcome, f.ttft_ms, coalesce(%s, p.ttft_slo_ms, 125))"
            .formatted(number(slo.ttftMs()));
    String tpot =
        "meets_tpot(f.outcome, f.output_tokens, f.tpot_ms, coalesce(%s, p.tpot_slo_ms, 200))"
            .formatted(number(slo.tpotMs()));
    return """
    judged AS (
      SELECT p.run, avg((%1$s AND %2$s)::INT) AS attained, avg(%1$s::INT) AS attained_ttft,
        avg(%2$s::INT) AS attained_tpot,
        count(*) FILTER (WHERE %1$s AND %2$s) / nullif(any_value(p.duration), 0)
          AS attained_per_s
      FROM picked p JOIN finished_requests f ON f.run = p.run
      WHERE f.phase = 'MEASURE' AND %3$s
      GROUP BY p.run
    ),
    run AS (SELECT p.*, j.* EXCLUDE (run) FROM picked p JOIN judged j ON j.run = p.run)\
    """
        .formatted(ttft, tpot, passes());
  }

  private String passes() {
    return switch (request.scope()) {
      case "cold" -> "f.pass = 1";
      case "warm" -> "f.pass > 1";
      default -> "true";
    };
  }

  private static String number(@Nullable Double value) {
    return value == null ? "NULL::DOUBLE" : String.format(Locale.ROOT, "%s::DOUBLE", value);
  }

  private String lines() {
    Quantity x = Quantity.named(request.xOrUsual());
    Quantity y = Quantity.named(request.yOrUsual());
    return picked(x, y)
        + """

        SELECT %s AS series, %s AS facet, (%s)::DOUBLE AS x, %s AS label, %s
        FROM run WHERE (%s) IS NOT NULL
        GROUP BY ALL ORDER BY facet, series, x, label\
        """
            .formatted(by(), facet(), x.sql(), label(), measured(y), y.sql());
  }

  /** The category of a run on an axis that is not of numbers. */
  private String label() {
    String name = request.xOrUsual();
    return COLUMNS.contains(name.replace('-', '_')) ? one(name) : "NULL::VARCHAR";
  }

  /** Mean, interval and count of a quantity over the repeats of a group. */
  private String measured(Quantity y) {
    String scale = y.percent() ? "100 * " : "";
    return """
    interval95(list((%1$s(%2$s))::DOUBLE)).mean AS y,
      interval95(list((%1$s(%2$s))::DOUBLE)).low AS low,
      interval95(list((%1$s(%2$s))::DOUBLE)).high AS high,
      interval95(list((%1$s(%2$s))::DOUBLE)).std AS std,
      count(*) AS n, bool_or(NOT usable OR (%3$s)) AS hollow\
    """
        .formatted(scale, y.sql(), y.censored());
  }

  private String speedup() {
    Quantity x = Quantity.named(request.xOrUsual());
    Quantity y = Quantity.named(request.yOrUsual());
    String baseline = request.baseline();
    if (baseline == null) {
      throw new IllegalArgumentException("a speed-up needs a baseline: add --baseline STRATEGY");
    }
    Quantity ratio =
        new Quantity(
            y.smallerIsBetter() ? "base_y / nullif(y, 0)" : "y / nullif(base_y, 0)",
            "hollow",
            y.title(),
            false,
            false);
    return picked(x, y)
        + """
        ,
        point AS (
          SELECT *, (%1$s)::DOUBLE AS at_x, (%2$s)::DOUBLE AS y, (%3$s) AS hollow FROM run
        ),
        paired AS (
          SELECT a.*, b.y AS base_y, b.hollow AS base_hollow
          FROM point a JOIN point b ON b.strategy = '%4$s' AND a.strategy <> b.strategy
            AND b.experiment = a.experiment AND b.model = a.model
            AND b.workload_hash = a.workload_hash AND b.load_point = a.load_point
            AND b.parameters = a.parameters AND b.repeat = a.repeat AND b.seed = a.seed
        )
        SELECT %5$s AS series, %6$s AS facet, at_x AS x, %7$s AS label, %8$s
        FROM paired WHERE (%9$s) IS NOT NULL
        GROUP BY ALL ORDER BY facet, series, x, label\
        """
            .formatted(
                x.sql(),
                y.sql(),
                y.censored(),
                baseline.replace("'", "''"),
                by(),
                facet(),
                label(),
                measured(ratio),
                ratio.sql());
  }

  private String pareto() {
    Quantity x = Quantity.named(request.xOrUsual());
    Quantity y = Quantity.named(request.yOrUsual());
    return picked(x, y)
        + """
        ,
        cell AS (
          SELECT %1$s AS series, %2$s AS facet, cell, %3$s AS joined, avg((%4$s)::DOUBLE) AS x,
            interval95(list((%5$s)::DOUBLE)) AS i, count(*) AS n,
            bool_or(NOT usable OR (%6$s) OR (%7$s)) AS hollow
          FROM run WHERE (%4$s) IS NOT NULL AND (%5$s) IS NOT NULL
          GROUP BY ALL
        ),
        point AS (
          SELECT *, i.mean AS y, %8$s * x AS cost, %9$s * i.mean AS price FROM cell
        )
        SELECT series, facet, x, NULL::VARCHAR AS label, y, i.low AS low, i.high AS high,
          i.std AS std, n, hollow, joined, cell,
          NOT EXISTS (SELECT 1 FROM point o WHERE o.facet IS NOT DISTINCT FROM p.facet
            AND o.cost <= p.cost AND o.price <= p.price AND (o.cost < p.cost OR o.price < p.price))
            AS frontier
        FROM point p ORDER BY facet, joined, x, y\
        """
            .formatted(
                by(),
                facet(),
                request.connectBy() == null ? "NULL" : named(request.connectBy()),
                x.sql(),
                y.sql(),
                x.censored(),
                y.censored(),
                x.smallerIsBetter() ? "1" : "-1",
                y.smallerIsBetter() ? "1" : "-1");
  }

  /**
   * Keeps the highest finite load point of those that are drawn, unless a condition picks others.
   */
  private static String atOneLoadPoint() {
    return """
    QUALIFY coalesce(load_point = first_value(load_point) OVER (
      ORDER BY coalesce(isinf(rate), false), rate DESC NULLS LAST, concurrency DESC NULLS LAST),
      true)\
    """;
  }

  private String bars() {
    String metric = request.yOrUsual().replaceFirst("^.*-", "");
    Quantity median = Quantity.named("p50-" + metric);
    Quantity p99 = Quantity.named("p99-" + metric);
    String label = request.by() == null ? "strategy" : by();
    return picked(median, p99)
        + """
        ,
        shown AS (SELECT * FROM run %1$s)
        SELECT 'P50' AS series, %2$s AS facet, NULL::DOUBLE AS x, %3$s AS label, load_point, %4$s
        FROM shown WHERE (%5$s) IS NOT NULL GROUP BY ALL
        UNION ALL
        SELECT 'P99', %2$s, NULL, %3$s, load_point, %6$s
        FROM shown WHERE (%7$s) IS NOT NULL GROUP BY ALL
        ORDER BY facet, label, series\
        """
            .formatted(
                atOneLoadPoint(),
                facet(),
                label,
                measured(median),
                median.sql(),
                measured(p99),
                p99.sql());
  }

  private String cells(String usualSeries, String order, String label) {
    Quantity y = Quantity.named(request.yOrUsual());
    return picked(y)
        + """

        SELECT %1$s AS series, %2$s AS facet, NULL::DOUBLE AS x, %3$s AS label, %4$s AS place, %5$s
        FROM run WHERE (%6$s) IS NOT NULL AND (%4$s) IS NOT NULL
        GROUP BY ALL ORDER BY facet, place, series\
        """
            .formatted(
                request.by() == null ? usualSeries : by(),
                facet(),
                label,
                order,
                measured(y),
                y.sql());
  }

  private String grid() {
    Quantity y = Quantity.named(request.yOrUsual());
    return picked(y)
        + """
        ,
        pair AS (
          SELECT %1$s AS series, %2$s AS facet, input_len, output_len, %3$s
          FROM run WHERE (%4$s) IS NOT NULL AND input_len IS NOT NULL AND output_len IS NOT NULL
          GROUP BY ALL
        )
        SELECT series, facet, NULL::DOUBLE AS x, format('{:,}/{:,}', input_len, output_len) AS label,
          y, low, high, std, n, hollow, input_len, output_len
        FROM pair
        UNION ALL
        SELECT series, facet, NULL, 'Mean', avg(y), NULL, NULL, NULL, sum(n)::BIGINT,
          bool_or(hollow), NULL, NULL
        FROM pair GROUP BY series, facet
        ORDER BY facet, input_len NULLS LAST, output_len NULLS LAST, series\
        """
            .formatted(by(), facet(), measured(y), y.sql());
  }

  private String breakdown() {
    BoundQuestion question = Questions.named("breakdown").orElseThrow().bind(Map.of());
    return """
    WITH stage AS (
      SELECT * FROM (
    %1$s
      ) WHERE %2$s
    ),
    told AS (
      SELECT * FROM stage
      QUALIFY source = first_value(source) OVER (ORDER BY list_position(
        ['profiler', 'server', 'client'], source))
    ),
    shown AS (
      SELECT t.* FROM told t
      JOIN (SELECT DISTINCT experiment, strategy, load_point, rate, concurrency FROM runs) r
        USING (experiment, strategy, load_point)
      %3$s
    )
    SELECT stage AS series, NULL AS facet, NULL::DOUBLE AS x, strategy AS label, ms AS y,
      NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::DOUBLE AS std, 1 AS n, false AS hollow,
      source, load_point, share
    FROM shown ORDER BY list_position(['waiting to be sent', 'queueing',
      'until the first token', 'prefill', 'transfer', 'attention', 'other compute', 'decoding',
      'stall'], stage) NULLS LAST, stage, strategy\
    """
        .formatted(
            question.sql().replace("$1::VARCHAR", "NULL::VARCHAR"), where(), atOneLoadPoint());
  }

  private String distribution() {
    return picked()
        + """
        ,
        shown AS (SELECT * FROM run %1$s),
        request AS (
          SELECT %2$s AS series, %3$s AS facet, f.ttft_ms, f.outcome = 'OK' AS ok, shown.run, shown.usable,
            shown.load_point
          FROM shown JOIN finished_requests f ON f.run = shown.run
          WHERE f.phase = 'MEASURE' AND %4$s
        ),
        curve AS (
          SELECT series, facet, load_point, count(*) AS requests, count(*) FILTER (WHERE ok) AS completed,
            count(DISTINCT run) AS n, NOT bool_and(usable) AS hollow,
            quantile_cont(ttft_ms, %5$s) FILTER (WHERE ok) AS xs
          FROM request GROUP BY ALL
        )
        SELECT series, facet, unnest(xs) AS x, NULL::VARCHAR AS label,
          unnest(list_transform(range(201), lambda i: i / 2.0)) * completed / requests AS y,
          NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::DOUBLE AS std, n, hollow, load_point,
          requests, completed
        FROM curve ORDER BY facet, series, y\
        """
            .formatted(atOneLoadPoint(), by(), facet(), passes(), levels());
  }

  /** Quantiles must be constants. */
  private static String levels() {
    StringBuilder levels = new StringBuilder("[");
    for (int i = 0; i <= 200; i++) {
      levels.append(i == 0 ? "" : ", ").append(i / 200.0);
    }
    return levels.append(']').toString();
  }

  private String drift() {
    String column =
        switch (request.yOrUsual()) {
          case "p50-ttft" -> "ttft_p50_ns / 1e6";
          case "p90-ttft" -> "ttft_p90_ns / 1e6";
          case "p99-ttft" -> "ttft_p99_ns / 1e6";
          case "p50-itl" -> "itl_p50_ns / 1e6";
          case "p99-itl" -> "itl_p99_ns / 1e6";
          case "attainment" -> "100 * attainment";
          case "tokens-per-s" -> "tokens / seconds";
          default ->
              throw new IllegalArgumentException(
                  "a drift shows p50-, p90- or p99-ttft, p50- or p99-itl, attainment or tokens-per-s, not "
                      + request.yOrUsual());
        };
    return picked()
        + """

        SELECT %1$s AS series, %2$s AS facet, (w.end_second - epoch(run.started_at))::DOUBLE AS x,
          NULL::VARCHAR AS label, (%3$s)::DOUBLE AS y, NULL::DOUBLE AS low, NULL::DOUBLE AS high,
          NULL::DOUBLE AS std, 1 AS n, NOT usable AS hollow, id AS joined
        FROM run JOIN windows w ON w.run = run.run
        WHERE w.seconds = 10 AND w.end_second %% 5 = 0
        ORDER BY facet, series, joined, x\
        """
            .formatted(by(), facet(), column);
  }
}
