package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.GeneratorNews;
import dev.kvasir.app.pipeline.Warehouse;
import dev.kvasir.producer.calibration.Observation;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.sink.statistics.SignTest;
import dev.kvasir.sink.warehouse.QueryResult;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What observing a run costs it.
 *
 * @param pairs pairs of which both runs were measured to their end
 * @param clientLimited runs in which the client was late
 * @param leftOut ids of runs that were not measured to their end
 * @param shifts one for each metric
 */
record ObserverReport(int pairs, int clientLimited, List<String> leftOut, List<Shift> shifts) {

  private static final String LATE = "CLIENT_LIMITED";

  private static final List<String> METRICS =
      List.of("median_ttft_ms", "p99_ttft_ms", "median_itl_ms", "p99_itl_ms");

  ObserverReport {
    leftOut = List.copyOf(leftOut);
    shifts = List.copyOf(shifts);
  }

  /**
   * How much a metric is larger when the run is observed, milliseconds.
   *
   * @param metric its name
   * @param heldBack mean over the pairs, events held back
   * @param observed mean over the pairs, events published as they come
   * @param shift mean difference over the pairs
   * @param low lower end of its 95 % interval (Student's t over the pairs); null below 2 pairs
   * @param high upper end
   * @param larger requests for which it was larger when observed
   * @param smaller requests for which it was smaller
   * @param signP two-sided probability of the sign test over these requests; null without any
   */
  record Shift(
      String metric,
      @Nullable Double heldBack,
      @Nullable Double observed,
      @Nullable Double shift,
      @Nullable Double low,
      @Nullable Double high,
      long larger,
      long smaller,
      @Nullable Double signP) {}

  /** Asks the warehouse about the runs that were made. */
  static ObserverReport of(Warehouse warehouse, List<GeneratorNews.Finished> runs) {
    List<GeneratorNews.Finished> usable = runs.stream().filter(ObserverReport::isMeasured).toList();
    int late = (int) usable.stream().filter(run -> run.verdict().equals(LATE)).count();
    List<String> leftOut =
        runs.stream().filter(run -> !isMeasured(run)).map(GeneratorNews.Finished::id).toList();
    if (usable.isEmpty()) {
      return new ObserverReport(0, late, leftOut, List.of());
    }
    String numbers =
        usable.stream().map(run -> Long.toString(run.run())).collect(Collectors.joining(", "));
    QueryResult signs = warehouse.query(signs(numbers));
    List<Shift> shifts = new ArrayList<>();
    int pairs = 0;
    for (String metric : METRICS) {
      QueryResult found = warehouse.query(shift(numbers, metric));
      pairs = number(found, "pairs").intValue();
      String which = metric.contains("ttft") ? "ttft" : "itl";
      long larger = number(signs, which + "_larger").longValue();
      long smaller = number(signs, which + "_smaller").longValue();
      shifts.add(
          new Shift(
              metric,
              decimal(found, "held_back"),
              decimal(found, "observed"),
              decimal(found, "shift"),
              decimal(found, "low"),
              decimal(found, "high"),
              larger,
              smaller,
              larger + smaller == 0 ? null : (Double) SignTest.probability(smaller, larger)));
    }
    return new ObserverReport(pairs, late, leftOut, shifts);
  }

  /** Being late is what observing may cost, so it keeps no run from being compared. */
  private static boolean isMeasured(GeneratorNews.Finished run) {
    return RunReport.isUsable(run) || run.verdict().equals(LATE);
  }

  private static String pair(String numbers) {
    return """
    pair AS (
      SELECT a.run AS observed, b.run AS held
      FROM run_started a JOIN run_started b ON b.repeat = a.repeat AND b.run IN (%1$s)
      WHERE a.run IN (%1$s) AND a.strategy = '%2$s' AND b.strategy = '%3$s'
    )\
    """
        .formatted(numbers, Observation.OBSERVED, Observation.HELD_BACK);
  }

  private static String shift(String numbers, String metric) {
    return """
    WITH %1$s,
    value AS (
      SELECT x.%2$s AS observed, y.%2$s AS held
      FROM pair p JOIN results x ON x.run = p.observed JOIN results y ON y.run = p.held
    ),
    bounds AS (SELECT interval95(list(observed - held)) AS i FROM value
      WHERE observed IS NOT NULL AND held IS NOT NULL)
    SELECT count(*) AS pairs, avg(held) AS held_back, avg(observed) AS observed,
      avg(observed - held) AS shift, any_value(i.low) AS low, any_value(i.high) AS high
    FROM value, bounds\
    """
        .formatted(pair(numbers), metric);
  }

  /** Of each request, the time to the first token and the mean gap between its tokens. */
  private static String signs(String numbers) {
    return """
    WITH %1$s,
    request AS (
      SELECT f.run, f.ordinal, f.ttft_ms, f.tpot_ms FROM finished_requests f
      WHERE f.phase = 'MEASURE' AND f.outcome = 'OK' AND f.run IN (%2$s)
    )
    SELECT count(*) FILTER (WHERE x.ttft_ms > y.ttft_ms) AS ttft_larger,
      count(*) FILTER (WHERE x.ttft_ms < y.ttft_ms) AS ttft_smaller,
      count(*) FILTER (WHERE x.tpot_ms > y.tpot_ms) AS itl_larger,
      count(*) FILTER (WHERE x.tpot_ms < y.tpot_ms) AS itl_smaller
    FROM pair p JOIN request x ON x.run = p.observed
      JOIN request y ON y.run = p.held AND y.ordinal = x.ordinal\
    """
        .formatted(pair(numbers), numbers);
  }

  private static Number number(QueryResult result, String column) {
    return result.column(column).getFirst() instanceof Number number ? number : 0;
  }

  private static @Nullable Double decimal(QueryResult result, String column) {
    return result.column(column).getFirst() instanceof Number number
        ? (Double) number.doubleValue()
        : null;
  }

  /** Prints it for people. */
  void print(PrintWriter out, Plan plan) {
    out.println();
    if (pairs > 0) {
      table(out, plan);
    } else {
      out.println("There is no pair to compare.");
    }
    if (clientLimited > 0) {
      out.printf(
          "In %d of the runs the client was late: observing takes too much of this machine, or"
              + " something else does.%n",
          clientLimited);
    }
    leftOut.forEach(
        id -> out.printf("Left out, because its verdict does not let it count: %s%n", id));
  }

  private void table(PrintWriter out, Plan plan) {
    out.printf(
        "What observing costs %s: the pipeline at work beside the run, against events held back"
            + " until its load has ended.%n",
        plan.experiment());
    TextTable table =
        new TextTable(
            List.of(
                "metric",
                ">held back ms",
                ">observed ms",
                ">shift ms",
                "95 % interval",
                ">larger",
                ">smaller",
                ">sign p"));
    shifts.forEach(shift -> table.add(row(shift)));
    table.lines().forEach(out::println);
    out.printf(
        "%d %s of runs with the same prompts at the same times. shift: mean of observed minus held"
            + " back over the pairs. larger, smaller: requests whose TTFT, or mean gap between"
            + " tokens, was so when observed.%n",
        pairs, pairs == 1 ? "pair" : "pairs");
    if (pairs < 2) {
      out.println("There is no interval from fewer than 2 pairs.");
    }
  }

  private static List<String> row(Shift shift) {
    return List.of(
        shift.metric().replace("median", "p50").replace("_ms", "").replace('_', ' '),
        precise(shift.heldBack()),
        precise(shift.observed()),
        precise(shift.shift()),
        shift.low() == null ? "-" : precise(shift.low()) + " to " + precise(shift.high()),
        Long.toString(shift.larger()),
        Long.toString(shift.smaller()),
        shift.signP() == null
            ? "-"
            : shift.signP() < 0.001 ? "<0.001" : String.format(Locale.ROOT, "%.3f", shift.signP()));
  }

  private static String precise(@Nullable Double millis) {
    return millis == null ? "-" : String.format(Locale.ROOT, "%.3f", millis);
  }
}
