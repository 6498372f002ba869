package dev.kvasir.producer.arrival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.producer.arrival.RateCurve.Shape;
import dev.kvasir.producer.arrival.RateCurve.Step;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ramps, steps, lengths of time and lists of times. */
class ChangingRateTest {

  private static final ArrivalProcess POISSON = new ArrivalProcess.Poisson();
  private static final ArrivalProcess CONSTANT = new ArrivalProcess.Constant();
  private static final int REQUESTS = 4000;
  private static final RateCurve.Steps STEPS =
      new RateCurve.Steps(
          List.of(
              new Step(50, 50, Duration.ofSeconds(20)),
              new Step(0, 0, Duration.ofSeconds(10)),
              new Step(50, 150, Duration.ofSeconds(20)),
              new Step(20, 20, Duration.ofSeconds(50))));

  @Test
  void a_linear_ramp_has_the_gaps_of_vllm() {
    Schedule schedule = Schedule.of(rated(CONSTANT, new RateCurve.Ramp(Shape.LINEAR, 1, 5)), 5, 1);

    assertThat(times(schedule))
        .containsExactly(
            1_000_000_000L, 1_500_000_000L, 1_833_333_333L, 2_083_333_333L, 2_283_333_333L);
  }

  @Test
  void an_exponential_ramp_grows_by_equal_ratios() {
    Schedule schedule =
        Schedule.of(rated(CONSTANT, new RateCurve.Ramp(Shape.EXPONENTIAL, 1, 16)), 5, 1);

    assertThat(times(schedule))
        .containsExactly(
            1_000_000_000L, 1_500_000_000L, 1_750_000_000L, 1_875_000_000L, 1_937_500_000L);
  }

  @Test
  void a_ramp_of_one_request_has_the_first_rate() {
    assertThat(times(Schedule.of(rated(CONSTANT, new RateCurve.Ramp(Shape.LINEAR, 2, 5)), 1, 1)))
        .containsExactly(500_000_000L);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void the_gaps_of_a_poisson_ramp_are_exponential_around_the_rate_of_each_request(long seed) {
    for (Shape shape : Shape.values()) {
      RateCurve.Ramp ramp = new RateCurve.Ramp(shape, 2, 40);
      double[] gaps = gaps(Schedule.of(rated(POISSON, ramp), REQUESTS, seed));
      for (int i = 0; i < gaps.length; i++) {
        gaps[i] *= ramp.rate(i, REQUESTS) / 1e9;
      }

      assertThat(Samples.kolmogorovSmirnov(gaps, gap -> 1 - Math.exp(-gap)))
          .as("seed %d, %s", seed, shape)
          .isLessThan(Samples.critical(REQUESTS));
    }
  }

  @ParameterizedTest(name = "burstiness {0}")
  @ValueSource(doubles = {0.5, 1, 2})
  void the_gaps_of_a_ramp_are_spread_and_dispersed_as_its_burstiness_says(double burstiness) {
    for (Shape shape : Shape.values()) {
      RateCurve.Ramp ramp = new RateCurve.Ramp(shape, 2, 40);
      double[] gaps = gaps(Schedule.of(rated(gamma(burstiness), ramp), 20_000, 42));
      for (int i = 0; i < gaps.length; i++) {
        gaps[i] *= ramp.rate(i, gaps.length) / 1e9;
      }

      assertThat(Samples.kolmogorovSmirnov(gaps, Samples.gammaOfMeanOne(burstiness)))
          .as("%s", shape)
          .isLessThan(Samples.critical(gaps.length));
      assertThat(Samples.indexOfDispersion(inSeconds(gaps, 20), 2))
          .as("%s", shape)
          .isBetween(0.8 / burstiness, 1.25 / burstiness);
    }
  }

  @Test
  void a_constant_ramp_is_not_dispersed() {
    RateCurve.Ramp ramp = new RateCurve.Ramp(Shape.LINEAR, 20, 20);

    assertThat(Samples.indexOfDispersion(Schedule.of(rated(CONSTANT, ramp), 20_000, 42), 1))
        .isLessThan(0.01);
  }

  @ParameterizedTest(name = "burstiness {0}")
  @ValueSource(doubles = {0.5, 1, 2})
  void a_length_of_time_keeps_spread_and_dispersion(double burstiness) {
    Schedule schedule =
        Schedule.within(
            rated(gamma(burstiness), new RateCurve.Fixed(20)), Duration.ofSeconds(1000), 42);
    double[] gaps = Arrays.stream(gaps(schedule)).map(gap -> gap * 20 / 1e9).toArray();

    assertThat(Samples.kolmogorovSmirnov(gaps, Samples.gammaOfMeanOne(burstiness)))
        .isLessThan(Samples.critical(gaps.length));
    assertThat(Samples.indexOfDispersion(schedule, 2))
        .isBetween(0.8 / burstiness, 1.25 / burstiness);
  }

  @Test
  void a_length_of_constant_arrivals_is_not_dispersed() {
    assertThat(
            Samples.indexOfDispersion(
                Schedule.within(
                    rated(CONSTANT, new RateCurve.Fixed(20)), Duration.ofSeconds(1000), 42),
                1))
        .isLessThan(0.01);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void poisson_steps_that_begin_anew_are_uniform_in_the_requests_that_were_asked_for(long seed) {
    int plays = 3;
    Schedule schedule =
        Schedule.within(rated(POISSON, STEPS), STEPS.length().multipliedBy(plays), seed);
    double[] asked =
        schedule
            .dueNanos()
            .mapToDouble(due -> due / 1e9)
            .map(due -> Math.floor(due / 100) * STEPS.requests() + asked(due % 100))
            .map(each -> each / (plays * (double) STEPS.requests()))
            .toArray();

    assertThat(Samples.kolmogorovSmirnov(asked, share -> share))
        .isLessThan(Samples.critical(asked.length));
  }

  @Test
  void steps_decide_how_many_requests_there_are_and_when_they_end() {
    Schedule schedule = Schedule.of(rated(CONSTANT, STEPS), STEPS.requests(), 1);

    assertThat(STEPS.requests()).isEqualTo(1000 + 2000 + 1000);
    assertThat(STEPS.length()).isEqualTo(Duration.ofSeconds(100));
    assertThat(schedule.lastDueNanos()).isEqualTo(100_000_000_000L);
    assertThat(between(schedule, 0, 20)).isEqualTo(1000);
    assertThat(between(schedule, 20, 30)).isZero();
    assertThat(between(schedule, 30, 40)).isCloseTo(750L, within(1L));
    assertThat(between(schedule, 40, 50)).isCloseTo(1250L, within(1L));
    assertThat(between(schedule, 50, 100)).isCloseTo(1000L, within(1L));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void poisson_steps_are_uniform_in_the_requests_that_were_asked_for(long seed) {
    Schedule schedule = Schedule.of(rated(POISSON, STEPS), STEPS.requests(), seed);
    double[] asked =
        schedule
            .dueNanos()
            .limit(schedule.size() - 1L)
            .mapToDouble(due -> asked(due / 1e9) / STEPS.requests())
            .toArray();

    assertThat(Samples.kolmogorovSmirnov(asked, share -> share))
        .as("seed %d", seed)
        .isLessThan(Samples.critical(asked.length));
  }

  @Test
  void counts_of_a_poisson_step_are_as_dispersed_as_their_mean() {
    RateCurve.Steps steady =
        new RateCurve.Steps(List.of(new Step(20, 20, Duration.ofSeconds(1000))));
    Schedule schedule = Schedule.of(rated(POISSON, steady), steady.requests(), 42);

    assertThat(Samples.indexOfDispersion(schedule, 1)).isBetween(0.9, 1.1);
  }

  @Test
  void steps_that_ask_for_nothing_are_refused() {
    assertThatThrownBy(() -> new RateCurve.Steps(List.of(new Step(0, 0, Duration.ofSeconds(10)))))
        .hasMessageContaining("0.0 requests");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void a_length_of_time_holds_the_arrivals_of_a_poisson_process(long seed) {
    Schedule schedule =
        Schedule.within(rated(POISSON, new RateCurve.Fixed(40)), Duration.ofSeconds(100), seed);

    assertThat(schedule.lastDueNanos()).isLessThanOrEqualTo(100_000_000_000L);
    assertThat((double) schedule.size()).isCloseTo(4000, within(4 * Math.sqrt(4000)));
    double[] gaps = Arrays.stream(gaps(schedule)).map(gap -> gap * 40 / 1e9).toArray();
    assertThat(Samples.kolmogorovSmirnov(gaps, gap -> 1 - Math.exp(-gap)))
        .as("seed %d", seed)
        .isLessThan(Samples.critical(gaps.length));
  }

  @Test
  void a_length_of_time_at_a_constant_rate_has_rate_times_length_requests() {
    assertThat(
            Schedule.within(rated(CONSTANT, new RateCurve.Fixed(4)), Duration.ofMillis(2500), 1)
                .size())
        .isEqualTo(10);
  }

  @Test
  void steps_begin_anew_until_a_length_of_time_has_passed() {
    RateCurve.Steps day =
        new RateCurve.Steps(
            List.of(
                new Step(10, 10, Duration.ofSeconds(10)),
                new Step(50, 50, Duration.ofSeconds(10))));

    Schedule schedule = Schedule.within(rated(CONSTANT, day), Duration.ofSeconds(50), 1);

    for (int play = 0; play < 50; play += 20) {
      assertThat(between(schedule, play, play + 10)).isCloseTo(100L, within(1L));
    }
    for (int play = 10; play < 50; play += 20) {
      assertThat(between(schedule, play, play + 10)).isCloseTo(500L, within(1L));
    }
    assertThat(schedule.size()).isCloseTo(1300, within(1));
  }

  @Test
  void steps_that_begin_anew_at_rate_zero_never_go_back_in_time() {
    RateCurve.Steps wave =
        new RateCurve.Steps(
            List.of(
                new Step(0, 0.2, Duration.ofSeconds(10)), new Step(0.2, 0, Duration.ofSeconds(7))));

    long[] times = times(Schedule.within(rated(CONSTANT, wave), Duration.ofHours(2), 1));

    assertThat(times).hasSizeGreaterThan(700).isSorted();
    assertThat(times[0]).isPositive();
  }

  @Test
  void days_of_arrivals_take_no_memory() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    Schedule schedule =
        Schedule.within(rated(POISSON, new RateCurve.Fixed(20)), Duration.ofHours(72), 1);
    long last = schedule.dueNanos().max().orElseThrow();

    assertThat(last).isEqualTo(schedule.lastDueNanos());
    assertThat(schedule.size()).isGreaterThan(5_000_000);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(schedule.size());
  }

  @Test
  void a_trace_is_played_faster_and_cut() {
    Schedule schedule = Schedule.at(List.of(0L, 1_000L, 1_000L, 5_000L));

    assertThat(times(schedule.faster(2))).containsExactly(0, 500, 500, 2500);
    assertThat(times(schedule.until(Duration.ofNanos(1000)))).containsExactly(0, 1000, 1000);
    assertThat(times(schedule.lasting(Duration.ofNanos(1000)))).containsExactly(0, 1000, 1000);
    assertThat(times(schedule.lasting(Duration.ofNanos(12_000))))
        .containsExactly(0, 1000, 1000, 5000, 6666, 7666, 7666, 11_666);
    assertThatThrownBy(() -> Schedule.at(List.of(5L, 4L))).hasMessageContaining("time 1 is 4 ns");
  }

  @ParameterizedTest(name = "burstiness {0}")
  @ValueSource(doubles = {0.5, 1, 2})
  void gaps_of_a_closed_loop_with_a_rate_are_spread_and_dispersed(double burstiness) {
    for (long seed : new long[] {1, 2, 3, 42, -7}) {
      Gaps drawn = Gaps.of(rated(gamma(burstiness), new RateCurve.Fixed(100)), seed);
      double[] gaps =
          IntStream.range(0, 20_000).mapToDouble(i -> drawn.nextNanos() * 100 / 1e9).toArray();

      assertThat(Samples.kolmogorovSmirnov(gaps, Samples.gammaOfMeanOne(burstiness)))
          .as("seed %d", seed)
          .isLessThan(Samples.critical(gaps.length));
      assertThat(Samples.indexOfDispersion(inSeconds(gaps, 20), 2))
          .as("seed %d", seed)
          .isBetween(0.8 / burstiness, 1.25 / burstiness);
    }
  }

  @Test
  void gaps_of_a_constant_closed_loop_are_equal() {
    Gaps gaps = Gaps.of(rated(CONSTANT, new RateCurve.Fixed(100)), 1);

    assertThat(IntStream.range(0, 5).mapToLong(i -> gaps.nextNanos())).containsOnly(10_000_000L);
  }

  /** Gaps of mean 1 as times at a rate. */
  private static Schedule inSeconds(double[] gaps, int rate) {
    List<Long> times = new ArrayList<>();
    double due = 0;
    for (double gap : gaps) {
      due += gap / rate;
      times.add(Math.round(due * 1e9));
    }
    return Schedule.at(times);
  }

  private static ArrivalProcess gamma(double burstiness) {
    return burstiness == 1 ? POISSON : new ArrivalProcess.Gamma(burstiness);
  }

  /** Requests that the steps have asked for by a time, in closed form. */
  private static double asked(double seconds) {
    if (seconds <= 20) {
      return 50 * seconds;
    }
    if (seconds <= 30) {
      return 1000;
    }
    if (seconds <= 50) {
      double since = seconds - 30;
      return 1000 + 50 * since + 2.5 * since * since;
    }
    return 3000 + 20 * (seconds - 50);
  }

  private static Timing.Rated rated(ArrivalProcess process, RateCurve curve) {
    return new Timing.Rated(process, curve);
  }

  private static long between(Schedule schedule, int from, int to) {
    return Arrays.stream(times(schedule))
        .filter(due -> due > from * 1_000_000_000L && due <= to * 1_000_000_000L)
        .count();
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
}
