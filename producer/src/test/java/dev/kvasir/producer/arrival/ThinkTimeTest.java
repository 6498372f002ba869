package dev.kvasir.producer.arrival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.producer.spread.Spread;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThinkTimeTest {

  private static final int REQUESTS = 4000;
  private static final ThinkTime EXPONENTIAL = ThinkTime.of(new Spread.Exponential(2e9, 0));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void the_waits_of_a_run_are_spread_as_the_plan_says(long seed) {
    double[] waits =
        LongStream.range(0, REQUESTS).mapToDouble(i -> EXPONENTIAL.nanos(seed, i) / 2e9).toArray();

    assertThat(Samples.kolmogorovSmirnov(waits, wait -> 1 - Math.exp(-wait)))
        .isLessThan(Samples.critical(REQUESTS));
  }

  @Test
  void a_wait_depends_on_nothing_but_seed_and_request() {
    assertThat(EXPONENTIAL.nanos(1, 7)).isEqualTo(EXPONENTIAL.nanos(1, 7));
    assertThat(EXPONENTIAL.nanos(1, 7)).isNotEqualTo(EXPONENTIAL.nanos(1, 8));
    assertThat(EXPONENTIAL.nanos(1, 7)).isNotEqualTo(EXPONENTIAL.nanos(2, 7));
    assertThat(EXPONENTIAL.nanos(1, 7)).as("on every machine").isEqualTo(1_480_759_273L);
  }

  @Test
  void a_fixed_wait_is_always_the_same() {
    ThinkTime fixed = ThinkTime.exactly(Duration.ofMillis(50));

    assertThat(LongStream.range(0, 5).map(i -> fixed.nanos(3, i))).containsOnly(50_000_000L);
    assertThat(fixed.text()).isEqualTo("0.05s");
    assertThat(fixed.isNone()).isFalse();
    assertThat(ThinkTime.NONE.isNone()).isTrue();
  }

  @Test
  void a_mean_is_that_of_what_is_drawn() {
    ThinkTime even = new ThinkTime(Duration.ofSeconds(1), Duration.ofSeconds(3), new Spread.Even());

    assertThat(even.mean()).isEqualTo(Duration.ofSeconds(2));
    assertThat(EXPONENTIAL.mean()).isBetween(Duration.ofMillis(1990), Duration.ofMillis(2010));
  }

  @Test
  void impossible_waits_are_refused() {
    assertThatThrownBy(() -> ThinkTime.exactly(Duration.ofSeconds(-1)))
        .hasMessageContaining("PT-1S");
  }
}
