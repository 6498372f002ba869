package dev.kvasir.producer.spread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpreadTest {

  private static final int DRAWS = 20_000;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static final Spread NORMAL = new Spread.Normal(500, 100);
  private static final Spread LOG_NORMAL = new Spread.LogNormal(500, 250, 0);
  private static final Spread EXPONENTIAL = new Spread.Exponential(500, 0);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 42})
  void draws_have_the_mean_and_the_deviation_that_were_asked_for(long seed) {
    assertMoments(draws(NORMAL, -INFINITY, INFINITY, seed), 500, 100);
    assertMoments(draws(LOG_NORMAL, 0, INFINITY, seed), 500, 250);
    assertMoments(draws(EXPONENTIAL, 0, INFINITY, seed), 500, 500);
    assertMoments(draws(new Spread.Even(), 200, 800, seed), 500, 600 / Math.sqrt(12));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 42})
  void exponential_draws_are_exponential(long seed) {
    assertThat(distance(draws(EXPONENTIAL, 0, INFINITY, seed), x -> 1 - Math.exp(-x / 500)))
        .isLessThan(critical());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 42})
  void a_distribution_that_is_cut_off_is_itself_between_its_bounds(long seed) {
    double all = Math.exp(-0.2) - Math.exp(-2);

    assertThat(
            distance(
                draws(EXPONENTIAL, 100, 1000, seed),
                x -> (Math.exp(-0.2) - Math.exp(-x / 500)) / all))
        .isLessThan(critical());
    assertThat(
            distance(
                draws(NORMAL, 400, INFINITY, seed),
                x -> (normal((x - 500) / 100) - normal(-1)) / (1 - normal(-1))))
        .isLessThan(critical());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 42})
  void the_logarithms_of_log_normal_draws_are_normal(long seed) {
    double variance = Math.log(1.25);
    double mean = Math.log(500) - variance / 2;

    assertThat(
            distance(
                draws(LOG_NORMAL, 0, INFINITY, seed),
                x -> normal((Math.log(x) - mean) / Math.sqrt(variance))))
        .isLessThan(critical());
  }

  @Test
  void nothing_is_drawn_beyond_the_bounds_and_nothing_piles_up_there() {
    for (Spread spread : new Spread[] {NORMAL, LOG_NORMAL, EXPONENTIAL}) {
      double[] draws = draws(spread, 450, 550, 42);

      assertThat(Arrays.stream(draws)).allMatch(each -> each >= 450 && each <= 550);
      assertThat(Arrays.stream(draws).filter(each -> each == 450 || each == 550)).isEmpty();
    }
  }

  @Test
  void a_number_may_be_added_to_all() {
    assertThat(new Spread.Exponential(500, 0).plus(100))
        .isEqualTo(new Spread.Exponential(500, 100));
    for (Spread spread : new Spread[] {NORMAL, LOG_NORMAL, EXPONENTIAL}) {
      double[] moved = draws(spread.plus(70), 70, INFINITY, 1);
      double[] draws = draws(spread, 0, INFINITY, 1);

      for (int i = 0; i < 100; i++) {
        assertThat(moved[i]).isCloseTo(draws[i] + 70, within(1e-6));
      }
      assertThat(spread.plus(70).plus(-70)).isEqualTo(spread);
    }
  }

  @Test
  void the_mean_between_bounds_is_that_of_the_draws() {
    assertThat(EXPONENTIAL.mean(100, 1000)).isCloseTo(421.77, within(1.0));
    assertThat(Arrays.stream(draws(EXPONENTIAL, 100, 1000, 3)).average().orElseThrow())
        .isCloseTo(421.77, within(8.0));
  }

  @Test
  void impossible_distributions_are_refused() {
    assertThatThrownBy(() -> new Spread.Normal(1, 0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> new Spread.LogNormal(0, 1, 0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> new Spread.Exponential(Double.NaN, 0)).hasMessageContaining("NaN");
  }

  private static double[] draws(Spread spread, double least, double most, long seed) {
    return new SplittableRandom(seed)
        .doubles(DRAWS)
        .map(share -> spread.at(share, least, most))
        .toArray();
  }

  private static void assertMoments(double[] draws, double mean, double deviation) {
    double found = Arrays.stream(draws).average().orElseThrow();
    double variance =
        Arrays.stream(draws).map(each -> (each - found) * (each - found)).average().orElseThrow();
    assertThat(found).isCloseTo(mean, within(4 * deviation / Math.sqrt(DRAWS)));
    assertThat(Math.sqrt(variance)).isCloseTo(deviation, within(0.06 * deviation));
  }

  /** Kolmogorov and Smirnov's distance. */
  private static double distance(double[] draws, DoubleUnaryOperator expected) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    double largest = 0;
    for (int i = 0; i < sorted.length; i++) {
      double share = expected.applyAsDouble(sorted[i]);
      largest = Math.max(largest, share - (double) i / sorted.length);
      largest = Math.max(largest, (i + 1.0) / sorted.length - share);
    }
    return largest;
  }

  /** What right draws exceed once in a thousand times. */
  private static double critical() {
    return 1.95 / Math.sqrt(DRAWS);
  }

  /** The share of the standard normal distribution below a value, by Simpson's rule. */
  private static double normal(double x) {
    int steps = 200;
    double width = (x + 9) / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double at = -9 + i * width;
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-at * at / 2);
    }
    return sum * width / 3 / Math.sqrt(2 * Math.PI);
  }
}
