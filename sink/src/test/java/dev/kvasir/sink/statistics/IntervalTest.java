package dev.kvasir.sink.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.sink.warehouse.WarehouseFixture;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {

  @TempDir Path folder;

  @Test
  void threeRepeatsGiveStudentsInterval() {
    Interval interval = Interval.of(List.of(10.0, 12.0, 14.0));

    assertThat(interval.mean()).isEqualTo(12.0);
    assertThat(interval.std()).isCloseTo(Math.sqrt(8 / 3.0), Offset.offset(1e-12));
    assertThat(interval.low())
        .isCloseTo(12 - 4.302652729749 * 2 / Math.sqrt(3), Offset.offset(1e-9));
    assertThat(interval.high())
        .isCloseTo(12 + 4.302652729749 * 2 / Math.sqrt(3), Offset.offset(1e-9));
  }

  @Test
  void oneRepeatHasNoIntervalAndIsFlagged() {
    Interval interval = Interval.of(List.of(10.0));

    assertThat(interval.mean()).isEqualTo(10.0);
    assertThat(interval.low()).isNull();
    assertThat(interval.flag()).contains("fewer than 3");
  }

  @Test
  void muchVariationIsFlagged() {
    assertThat(Interval.of(List.of(10.0, 10.0, 14.0)).flag()).contains("10 %");
    assertThat(Interval.of(List.of(10.0, 10.0, 10.5)).flag()).isNull();
    assertThat(Interval.of(List.of()).mean()).isNull();
  }

  /** 20,000 experiments of three repeats: how often the interval holds the true mean. */
  @Test
  void theIntervalOfThreeRepeatsCoversTheTruthInNineteenOfTwenty() {
    Random random = new Random(20_261_122);
    int covered = 0;
    int experiments = 20_000;
    for (int i = 0; i < experiments; i++) {
      Interval interval =
          Interval.of(Stream.generate(() -> 100 + 15 * random.nextGaussian()).limit(3).toList());
      if (interval.low() <= 100 && 100 <= interval.high()) {
        covered++;
      }
    }

    assertThat(covered / (double) experiments).isBetween(0.94, 0.96);
  }

  @ParameterizedTest(name = "{0} repeats")
  @ValueSource(ints = {0, 1, 2, 3, 5, 9, 10, 14})
  void sqlAndJavaAgree(int n) throws Exception {
    Random random = new Random(n);
    List<Double> values = Stream.generate(() -> 50 * random.nextDouble()).limit(n).toList();
    Interval expected = Interval.of(values);
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      List<Object> row =
          warehouse
              .query(
                  "SELECT i.n, i.mean, i.std, i.low, i.high FROM (SELECT interval95([%s]::DOUBLE[]) AS i)"
                      .formatted(
                          values.stream()
                              .map(value -> String.format(Locale.ROOT, "%.17g", value))
                              .collect(Collectors.joining(","))))
              .rows()
              .getFirst();

      assertThat(row.get(0)).isEqualTo((long) n);
      same(row.get(1), expected.mean());
      same(row.get(2), expected.std());
      same(row.get(3), expected.low());
      same(row.get(4), expected.high());
    }
  }

  private static void same(Object found, Double expected) {
    if (expected == null) {
      assertThat(found).isNull();
    } else {
      assertThat((Double) found).isCloseTo(expected, Offset.offset(1e-9));
    }
  }

  @Test
  void signTestCountsHowUnevenASplitIs() {
    assertThat(SignTest.probability(5, 5)).isEqualTo(1.0);
    assertThat(SignTest.probability(0, 0)).isEqualTo(1.0);
    assertThat(SignTest.probability(10, 0)).isCloseTo(2 / 1024.0, Offset.offset(1e-12));
    assertThat(SignTest.probability(60_000, 40_000)).isLessThan(1e-10);
    assertThatThrownBy(() -> SignTest.probability(-1, 0)).hasMessageContaining("0 or more");
  }

  @Test
  void aCrossingSaysFirstLastAndWhyThereIsNone() throws Exception {
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      assertThat(crossing(warehouse, "[50, 150, 90, 190]", 100, true))
          .containsEntry("first", 1.5)
          .containsEntry("last", 3 + 0.1)
          .containsEntry("low", 1.0)
          .containsEntry("high", 4.0)
          .containsEntry("censored", null)
          .containsEntry("monotone", false);
      assertThat(crossing(warehouse, "[50, 60, 70, 100]", 100, true))
          .containsEntry("first", null)
          .containsEntry("censored", "right")
          .containsEntry("monotone", true);
      assertThat(crossing(warehouse, "[0.8, 0.7, 0.6, 0.5]", 0.9, false))
          .containsEntry("first", null)
          .containsEntry("censored", "left")
          .containsEntry("low", null)
          .containsEntry("high", 1.0);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> crossing(
      WarehouseFixture warehouse, String ys, double bound, boolean rising) {
    List<Object> row =
        warehouse
            .query(
                "SELECT c.first, c.last, c.low, c.high, c.censored, c.monotone FROM (SELECT crossing([1, 2, 3, 4]::DOUBLE[], %s::DOUBLE[], %s::DOUBLE, %s) AS c)"
                    .formatted(ys, bound, rising))
            .rows()
            .getFirst();
    Map<String, Object> named = new HashMap<>();
    List<String> names = List.of("first", "last", "low", "high", "censored", "monotone");
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), row.get(i));
    }
    return named;
  }
}
