package dev.kvasir.sink.figure;

import dev.kvasir.sink.question.Questions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

  /** Names whose values need no name before them. */
  private static final Set<String> PLAIN = Set.of("strategy", "model", "workload", "experiment");

  private static final List<String> SOURCES =
      List.of("client", "server", "transfer", "engine", "profiler");

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
      case MEDIA -> byLength("coalesce(medium, strategy)");
      case NETWORK -> byLength(SqlTemplate.named("network-series").toString());
      case BREAKDOWN -> breakdown();
      case CDF -> distribution();
      case DRIFT -> drift();
      case LATENCY, THROUGHPUT, ATTAINMENT, FAILURES, LENGTH, BUDGET, QUALITY, LINE -> lines();
    };
  }

  /** The series of the experiments that are drawn, the first started first. */
  String places(List<String> experiments) {
    return SqlTemplate.named("places")
        .with("runs", runs())
        .with("series", by())
        .with("experiments", SqlTemplate.literals(experiments))
        .toString();
  }

  /** How many runs of some experiments are not counted, by verdict. */
  static String leftOut(List<String> experiments) {
    return SqlTemplate.named("left-out")
        .with("experiments", SqlTemplate.literals(experiments))
        .toString();
  }

  /** What the caption tells: a row for each experiment that is drawn. */
  String context() {
    return SqlTemplate.named("context").with("runs", runs()).with("where", where()).toString();
  }

  /** The view that has the runs: what is shown over time needs no end. */
  private String runs() {
    return request.kind() == FigureKind.DRIFT ? "watched_runs" : "figure_runs";
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
    return PLAIN.contains(name)
        ? named(name)
        : SqlTemplate.literal(name.replace('_', ' ') + " = ") + " || " + named(name);
  }

  /** A text that groups runs: columns, labels or parameters, joined where there are several. */
  private static String named(String names) {
    String[] parts = names.split(",", -1);
    return parts.length == 1
        ? one(names.strip())
        : Arrays.stream(parts)
            .map(part -> one(part.strip()))
            .collect(Collectors.joining(", ", "concat_ws(' ', ", ")"));
  }

  private static String one(String name) {
    String column = name.replace('-', '_');
    return COLUMNS.contains(column) ? column + "::VARCHAR" : Quantity.text(name);
  }

  /** The category of a run on an axis that is not of numbers. */
  private String label() {
    String name = request.xOrUsual();
    return COLUMNS.contains(name.replace('-', '_')) ? one(name) : "NULL::VARCHAR";
  }

  /** A query over the runs that are drawn, with their series and panel. */
  private SqlTemplate over(String template, Quantity... quantities) {
    return SqlTemplate.named(template)
        .with("picked", picked(quantities))
        .with("series", by())
        .with("facet", facet());
  }

  /** The runs that are drawn, with attainment under the limits that are asked for. */
  private SqlTemplate picked(Quantity... quantities) {
    boolean judges =
        Arrays.stream(quantities).anyMatch(quantity -> quantity.sql().contains("attained"));
    return SqlTemplate.named("picked")
        .with("runs", runs())
        .with("scope", request.scope())
        .with("where", where())
        .with("run", judges ? judged() : "run AS (FROM picked)");
  }

  private SqlTemplate judged() {
    return SqlTemplate.named("judged")
        .with("ttft_slo", SqlTemplate.number(request.slo().ttftMs()))
        .with("tpot_slo", SqlTemplate.number(request.slo().tpotMs()))
        .with("passes", passes());
  }

  private String passes() {
    return switch (request.scope()) {
      case "cold" -> "f.pass = 1";
      case "warm" -> "f.pass > 1";
      default -> "true";
    };
  }

  /** Mean, interval and count of a quantity over the repeats of a group. */
  private static SqlTemplate measured(Quantity y) {
    return SqlTemplate.named("measured")
        .with("scale", y.percent() ? "100 * " : "")
        .with("y", y.sql())
        .with("censored", y.censored());
  }

  /** The runs at the highest finite load point of those that most strategies share. */
  private static SqlTemplate atOneLoadPoint(String runs) {
    return SqlTemplate.named("one-load-point").with("runs", runs);
  }

  private String lines() {
    Quantity x = Quantity.named(request.xOrUsual());
    Quantity y = Quantity.named(request.yOrUsual());
    return over("lines", x, y)
        .with("x", x.sql())
        .with("y", y.sql())
        .with("label", label())
        .with("measured", measured(y))
        .toString();
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
    return over("speedup", x, y)
        .with("x", x.sql())
        .with("y", y.sql())
        .with("censored", y.censored())
        .with("baseline", SqlTemplate.literal(baseline))
        .with("label", label())
        .with("ratio", ratio.sql())
        .with("measured", measured(ratio))
        .toString();
  }

  private String pareto() {
    Quantity x = Quantity.named(request.xOrUsual());
    Quantity y = Quantity.named(request.yOrUsual());
    return over("pareto", x, y)
        .with("joined", request.connectBy() == null ? "NULL" : named(request.connectBy()))
        .with("x", x.sql())
        .with("y", y.sql())
        .with("x_censored", x.censored())
        .with("y_censored", y.censored())
        .with("x_sign", x.smallerIsBetter() ? "1" : "-1")
        .with("y_sign", y.smallerIsBetter() ? "1" : "-1")
        .toString();
  }

  private String bars() {
    String metric = request.yOrUsual().replaceFirst("^.*-", "");
    Quantity median = Quantity.named("p50-" + metric);
    Quantity p99 = Quantity.named("p99-" + metric);
    return SqlTemplate.named("bars")
        .with("picked", picked(median, p99))
        .with("facet", facet())
        .with("label", by())
        .with("shown", atOneLoadPoint("run"))
        .with("median", median.sql())
        .with("median_measured", measured(median))
        .with("p99", p99.sql())
        .with("p99_measured", measured(p99))
        .toString();
  }

  private String byLength(String usualSeries) {
    Quantity y = Quantity.named(request.yOrUsual());
    return over("cells", y)
        .with("series", request.by() == null ? usualSeries : by())
        .with("label", "format('{:,}', input_len)")
        .with("place", "input_len")
        .with("y", y.sql())
        .with("measured", measured(y))
        .toString();
  }

  private String grid() {
    Quantity y = Quantity.named(request.yOrUsual());
    return over("grid", y).with("y", y.sql()).with("measured", measured(y)).toString();
  }

  private String breakdown() {
    String source = request.y();
    if (source != null && !SOURCES.contains(source)) {
      throw new IllegalArgumentException(
          "a breakdown's vertical axis is the source of its stages, one of %s, not %s"
              .formatted(String.join(", ", SOURCES), source));
    }
    return SqlTemplate.named("breakdown")
        .with("question", Questions.named("breakdown").orElseThrow().written(Map.of()))
        .with("where", where())
        .with("source", source == null ? "true" : "source = " + SqlTemplate.literal(source))
        .with("shown", atOneLoadPoint("placed"))
        .toString();
  }

  private String distribution() {
    return over("cdf")
        .with("shown", atOneLoadPoint("run"))
        .with("passes", passes())
        .with("levels", levels())
        .toString();
  }

  /** Quantiles must be constants. */
  private static String levels() {
    return IntStream.rangeClosed(0, 200)
        .mapToObj(i -> String.valueOf(i / 200.0))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private String drift() {
    OverTime shown = OverTime.named(request.yOrUsual());
    return over(shown.template()).with("value", shown.value()).toString();
  }
}
