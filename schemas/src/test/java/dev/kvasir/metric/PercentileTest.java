package dev.kvasir.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PercentileTest {

  private final double[] values = {1, 2, 4, 8};

  @Test
  void linearInterpolatesBetweenTheNearestRanks() {
    assertThat(Percentile.linear(values, 0.5)).hasValue(3);
    assertThat(Percentile.linear(values, 0.9).orElseThrow()).isCloseTo(6.8, within(1e-12));
    assertThat(Percentile.linear(values, 1)).hasValue(8);
  }

  @Test
  void elementIsTheOneAtTheFlooredRank() {
    assertThat(Percentile.element(values, 0.5)).hasValue(2);
    assertThat(Percentile.element(values, 0.99)).hasValue(4);
    assertThat(Percentile.element(values, 0)).hasValue(1);
  }

  @Test
  void noValuesHaveNoPercentile() {
    assertThat(Percentile.linear(new double[0], 0.5)).isEmpty();
    assertThat(Percentile.element(new double[0], 0.5)).isEmpty();
  }

  @Test
  void aQuantileOutsideItsRangeIsRefused() {
    assertThatThrownBy(() -> Percentile.linear(values, 99)).hasMessageContaining("0 to 1");
  }

  @Test
  void aPercentileThatReachesATimeoutIsCensored() {
    double[] answered = {10, 20, 30};
    double[] limits = {100};

    assertThat(CensoredPercentile.of(answered, limits, 0.5))
        .hasValue(new CensoredPercentile(25, false));
    assertThat(CensoredPercentile.of(answered, limits, 0.99).orElseThrow().censored()).isTrue();
    assertThat(CensoredPercentile.of(new double[0], new double[0], 0.5)).isEmpty();
  }
}
