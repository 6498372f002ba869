package dev.kvasir.producer.arrival;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

  private static final ArrivalProcess POISSON = new ArrivalProcess.Poisson();
  private static final ArrivalProcess CONSTANT = new ArrivalProcess.Constant();
  private static final int REQUESTS = 4000;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void the_last_request_of_any_process_leaves_at_n_over_rate(long seed) {
    for (ArrivalProcess process :
        new ArrivalProcess[] {
          POISSON, CONSTANT, new ArrivalProcess.Gamma(0.3), new ArrivalProcess.Gamma(4)
        }) {
      Schedule schedule = Schedule.of(open(process, 2.5), 1000, seed);

      assertThat(schedule.size()).isEqualTo(1000);
      assertThat(schedule.lastDueNanos()).isEqualTo(400_000_000_000L);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void due_times_never_decrease(long seed) {
    assertThat(
            Arrays.stream(gaps(Schedule.of(open(new ArrivalProcess.Gamma(0.1), 50), 1000, seed))))
        .allMatch(gap -> gap >= 0);
  }

  @Test
  void constant_arrivals_are_a_gap_apart_and_the_first_one_waits_a_gap() {
    Schedule schedule = Schedule.of(open(CONSTANT, 4), 3, 1);

    assertThat(times(schedule)).containsExactly(250_000_000L, 500_000_000L, 750_000_000L);
  }

  @Test
  void everything_at_once_is_due_at_zero() {
    Schedule schedule = Schedule.of(open(POISSON, Double.POSITIVE_INFINITY), 100, 1);

    assertThat(schedule.size()).isEqualTo(100);
    assertThat(schedule.lastDueNanos()).isZero();
  }

  @Test
  void what_is_due_by_a_time_includes_what_is_due_then() {
    Schedule schedule = Schedule.at(List.of(0L, 0L, 5L, 9L));
    assertThat(schedule.dueBy(0)).isEqualTo(2);
    assertThat(schedule.dueBy(5)).isEqualTo(3);
    assertThat(schedule.dueBy(8)).isEqualTo(3);
    assertThat(schedule.dueBy(100)).isEqualTo(4);
    assertThat(Schedule.at(List.of(1L)).dueBy(0)).isZero();
  }

  @Test
  void no_request_makes_an_empty_schedule() {
    assertThat(Schedule.of(open(POISSON, 1), 0, 1).lastDueNanos()).isZero();
  }

  @Test
  void a_seed_gives_the_same_schedule_again_and_another_seed_another() {
    Schedule schedule = Schedule.of(open(POISSON, 10), 500, 42);

    assertThat(schedule).isEqualTo(Schedule.of(open(POISSON, 10), 500, 42));
    assertThat(schedule).isNotEqualTo(Schedule.of(open(POISSON, 10), 500, 43));
  }

  @Test
  void a_seed_gives_these_very_times_on_every_machine() {
    Schedule schedule = Schedule.of(open(POISSON, 10), 4, 42);
    Schedule gamma = Schedule.of(open(new ArrivalProcess.Gamma(0.5), 10), 4, 42);

    assertThat(times(schedule)).containsExactly(237_825_335, 268_451_275, 325_848_631, 400_000_000);
    assertThat(times(gamma)).containsExactly(11_480_665, 259_974_784, 376_111_950, 400_000_000);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void poisson_gaps_are_exponential(long seed) {
    double[] gaps = gapsOfMeanOne(Schedule.of(open(POISSON, 20), REQUESTS, seed));

    assertThat(Samples.kolmogorovSmirnov(gaps, Samples.gammaOfMeanOne(1)))
        .isLessThan(Samples.critical(REQUESTS));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void gaps_of_burstiness_two_are_erlang(long seed) {
    double[] gaps =
        gapsOfMeanOne(Schedule.of(open(new ArrivalProcess.Gamma(2), 20), REQUESTS, seed));

    assertThat(Samples.kolmogorovSmirnov(gaps, Samples.gammaOfMeanOne(2)))
        .isLessThan(Samples.critical(REQUESTS));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void gaps_of_burstiness_one_half_are_squared_normal(long seed) {
    double[] gaps =
        gapsOfMeanOne(Schedule.of(open(new ArrivalProcess.Gamma(0.5), 20), REQUESTS, seed));

    assertThat(Samples.kolmogorovSmirnov(gaps, Samples.gammaOfMeanOne(0.5)))
        .isLessThan(Samples.critical(REQUESTS));
  }

  @ParameterizedTest(name = "burstiness {0}")
  @ValueSource(doubles = {0.25, 0.5, 2, 4})
  void counts_are_dispersed_as_the_burstiness_says(double burstiness) {
    Schedule schedule = Schedule.of(open(new ArrivalProcess.Gamma(burstiness), 20), 20_000, 42);

    assertThat(Samples.indexOfDispersion(schedule, 2))
        .isBetween(0.8 / burstiness, 1.25 / burstiness);
  }

  @Test
  void counts_of_a_poisson_process_are_as_dispersed_as_their_mean() {
    Schedule schedule = Schedule.of(open(POISSON, 20), 20_000, 42);

    assertThat(Samples.indexOfDispersion(schedule, 1)).isBetween(0.9, 1.1);
  }

  @Test
  void counts_of_constant_arrivals_are_not_dispersed() {
    assertThat(Samples.indexOfDispersion(Schedule.of(open(CONSTANT, 20), 20_000, 42), 1))
        .isLessThan(0.01);
  }

  private static LoadPoint.Open open(ArrivalProcess process, double rate) {
    return new LoadPoint.Open(process, rate, null);
  }

  private static long[] times(Schedule schedule) {
    return schedule.dueNanos().toArray();
  }

  private static double[] gaps(Schedule schedule) {
    long[] times = times(schedule);
    double[] gaps = new double[times.length];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = times[i] - (i == 0 ? 0 : times[i - 1]);
    }
    return gaps;
  }

  private static double[] gapsOfMeanOne(Schedule schedule) {
    double mean = (double) schedule.lastDueNanos() / schedule.size();
    return Arrays.stream(gaps(schedule)).map(gap -> gap / mean).toArray();
  }
}
