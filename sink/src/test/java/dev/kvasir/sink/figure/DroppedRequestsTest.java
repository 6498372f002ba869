package dev.kvasir.sink.figure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Load;
import dev.kvasir.event.LoadKind;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.Verdict;
import dev.kvasir.sink.question.BoundQuestion;
import dev.kvasir.sink.question.Questions;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.sink.warehouse.SampleRuns;
import dev.kvasir.sink.warehouse.WarehouseFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two strategies that answer request by request alike, but {@code dropper} fails the slowest 30 %:
 * it looks faster in no table and in no figure.
 */
class DroppedRequestsTest {

  private static final long MS = 1_000_000;
  private static final int REQUESTS = 20;
  private static final int SLOW_FROM = 14;
  private static final double EQUAL = 1e-9;

  @TempDir static Path folder;
  private static WarehouseFixture warehouse;

  @BeforeAll
  static void fill() throws Exception {
    warehouse = new WarehouseFixture(folder);
    List<SpecificRecord> events = new ArrayList<>();
    long run = 1;
    for (String strategy : List.of("steady", "dropper")) {
      for (int rate : new int[] {1, 2, 4}) {
        for (int repeat = 1; repeat <= 3; repeat++) {
          addRun(events, run++, strategy, rate, repeat);
        }
      }
    }
    warehouse.load(events);
  }

  @AfterAll
  static void close() {
    warehouse.close();
  }

  private static void addRun(
      List<SpecificRecord> events, long run, String strategy, int rate, int repeat) {
    events.add(
        RunStarted.newBuilder(SampleRuns.started(run, strategy, "rate=" + rate, repeat))
            .setLoad(new Load(LoadKind.OPEN, "poisson", (double) rate, 1.0, null, null, Map.of()))
            .setSeed(repeat)
            .build());
    for (int ordinal = 0; ordinal < REQUESTS; ordinal++) {
      long due = SampleRuns.START + ordinal * 1_000 * MS / rate;
      int slow = 7 * ordinal % REQUESTS;
      long first = due + (50 + 10 * slow + 5 * repeat + rate) * MS;
      RequestFinished.Builder end =
          RequestFinished.newBuilder()
              .setRun(run)
              .setOrdinal(ordinal)
              .setDueAt(due)
              .setSentAt(due)
              .setInputTokens(100)
              .setPhase(Phase.MEASURE)
              .setTtftSloNanos(200 * MS)
              .setTpotSloNanos(30 * MS)
              .setTimeoutNanos(5_000 * MS);
      if (strategy.equals("dropper") && slow >= SLOW_FROM) {
        events.add(
            end.setOutcome(Outcome.HTTP_ERROR).setStatus(503).setAt(due + MS).setChunks(0).build());
        continue;
      }
      for (int index = 0; index < 3; index++) {
        Long since = index == 0 ? (Long) (first - due) : null;
        Long gap = index == 0 ? null : (Long) ((10L + slow) * MS);
        long at = first + index * (10L + slow) * MS;
        events.add(new TokenReceived(run, ordinal, index, at, 1, gap, since, since, index, 1));
      }
      long last = first + 2 * (10L + slow) * MS;
      events.add(
          end.setOutcome(Outcome.OK)
              .setStatus(200)
              .setFirstContentAt(first)
              .setLastContentAt(last)
              .setAt(last)
              .setOutputTokens(3)
              .setChunks(3)
              .build());
    }
    events.add(SampleRuns.finished(run, Verdict.VALID));
  }

  @ParameterizedTest
  @CsvSource({
    "cells",
    "compare",
    "crossing",
    "goodput",
    "grid",
    "kth-token",
    "pareto",
    "slo-scale",
    "throughput",
    "ttft-by-length",
    "variance",
    "cold-warm"
  })
  void noTableShowsItFaster(String name) {
    BoundQuestion question = Questions.named(name).orElseThrow().bind(parameters(name));
    Map<String, Map<String, Object>> steady = new LinkedHashMap<>();
    List<Map<String, Object>> dropper = new ArrayList<>();
    for (Map<String, Object> row :
        rows(warehouse.reader().query(question.sql(), question.values()))) {
      if (key(row).contains("dropper")) {
        dropper.add(row);
      } else {
        steady.put(key(row), row);
      }
    }
    assertThat(dropper).isNotEmpty();
    for (Map<String, Object> row : dropper) {
      Map<String, Object> other = steady.get(key(row).replace("dropper", "steady"));
      if (other != null) {
        row.forEach((column, value) -> assertNotBetter(name, column, value, other.get(column)));
      }
    }
  }

  private static Map<String, String> parameters(String name) {
    return name.equals("crossing")
        ? Map.of("experiment", "exp", "limit", "200")
        : Map.of("experiment", "exp");
  }

  private static void assertNotBetter(String name, String column, Object found, Object steady) {
    if (!(found instanceof Number mine) || !(steady instanceof Number theirs)) {
      return;
    }
    boolean isTime =
        column.matches("(mean_|median_|p\\d+_|min_)?(ttft|itl|tpot|e2e|to_token).*_ms|ms");
    boolean isSpeed = column.matches(".*(per_s|throughput|goodput|attainment)|rate|highest_met");
    if (isTime) {
      assertThat(mine.doubleValue())
          .as("%s: %s", name, column)
          .isGreaterThanOrEqualTo(theirs.doubleValue() - EQUAL);
    }
    if (isSpeed) {
      assertThat(mine.doubleValue())
          .as("%s: %s", name, column)
          .isLessThanOrEqualTo(theirs.doubleValue() + EQUAL);
    }
  }

  /** What a row is of: its texts. */
  private static String key(Map<String, Object> row) {
    StringBuilder key = new StringBuilder();
    row.forEach((column, value) -> {
      if (value instanceof String && !column.equals("verdicts") && !column.equals("censored")) {
        key.append(value).append('|');
      }
    });
    return key.toString();
  }

  private static List<Map<String, Object>> rows(QueryResult result) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (List<Object> values : result.rows()) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < values.size(); i++) {
        row.put(result.columns().get(i).name(), values.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(
      value = FigureKind.class,
      names = {"LATENCY", "THROUGHPUT", "ATTAINMENT", "LENGTH", "BARS", "GRID", "LINE"})
  void noFigureShowsItFaster(FigureKind kind) {
    List<String> measured =
        kind == FigureKind.LINE
            ? List.of(
                "mean-ttft", "p50-itl", "p99-itl", "mean-tpot", "p99-tpot", "mean-e2e", "goodput")
            : List.of(kind.usualY());
    for (String y : measured) {
      Map<String, Double> steady = new HashMap<>();
      Map<String, Double> dropper = new HashMap<>();
      for (Map<String, Object> row : rows(draw(kind, y, null))) {
        boolean bars = kind == FigureKind.BARS;
        String strategy = String.valueOf(row.get(bars ? "label" : "series"));
        String place = row.get("x") + "|" + row.get(bars ? "series" : "label");
        (strategy.equals("dropper") ? dropper : steady)
            .put(place, ((Number) row.get("y")).doubleValue());
      }
      assertThat(dropper).as(kind + " " + y).isNotEmpty().hasSameSizeAs(steady);
      boolean smaller = kind == FigureKind.BARS || kind == FigureKind.LENGTH || isTime(y);
      dropper.forEach((place, value) ->
          assertThat(smaller ? value - steady.get(place) : steady.get(place) - value)
              .as("%s %s at %s", kind, y, place)
              .isGreaterThanOrEqualTo(-EQUAL));
    }
  }

  private static boolean isTime(String quantity) {
    return quantity.matches(".*-(ttft|itl|tpot|e2e)");
  }

  @Test
  void itsCurveOfTheTtftEndsAtThePartThatItAnswered() {
    assertThat(
            rows(draw(FigureKind.CDF, "share", null)).stream()
                .filter(row -> row.get("series").equals("dropper"))
                .mapToDouble(row -> ((Number) row.get("y")).doubleValue())
                .max())
        .hasValue(70);
  }

  @Test
  void itsSpeedUpOverTheOtherIsBelowOneAndItIsNotOnTheFrontierAlone() {
    assertThat(rows(draw(FigureKind.SPEEDUP, "mean-ttft", "steady")))
        .isNotEmpty()
        .allSatisfy(row -> assertThat((Double) row.get("y")).isLessThan(1));
    assertThat(rows(draw(FigureKind.PARETO, "total-tokens-per-s", null)))
        .filteredOn(row -> row.get("series").equals("dropper"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.get("frontier")).isEqualTo(false));
  }

  @Test
  void itsTimeIsLongerInABreakdownBecauseFailuresTakeTheTimeLimit() {
    Map<Object, Double> heights = new HashMap<>();
    for (Map<String, Object> row : rows(draw(FigureKind.BREAKDOWN, "client", null))) {
      heights.merge(row.get("label"), ((Number) row.get("y")).doubleValue(), Double::sum);
    }
    assertThat(heights.get("dropper")).isGreaterThan(heights.get("steady") + 1_000);
  }

  private static QueryResult draw(FigureKind kind, String y, String baseline) {
    FigureRequest usual = FigureRequest.of(kind);
    return new Figures(warehouse.reader())
        .draw(
            new FigureRequest(
                kind,
                null,
                y,
                "experiment = 'exp'",
                null,
                null,
                null,
                null,
                null,
                baseline,
                usual.errors(),
                usual.style(),
                "all",
                false,
                usual.slo(),
                null))
        .data();
  }
}
