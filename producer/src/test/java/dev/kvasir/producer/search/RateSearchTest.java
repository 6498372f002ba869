package dev.kvasir.producer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.kvasir.producer.search.RateSearch.Trial;
import dev.kvasir.producer.spread.StandardNormal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {

  private static final SearchSettings SETTINGS = new SearchSettings(1, 100, 0.05, 0.9, 0.95, 3);

  @Test
  void rates_are_doubled_until_one_is_too_high_and_then_halved_by_ratio() {
    List<Trial> trials = new ArrayList<>();

    Finding finding = search(SETTINGS, trials, cliff(10));

    assertThat(trials.stream().map(Trial::rate))
        .containsExactly(1.0, 2.0, 4.0, 8.0, 16.0, 11.3, 9.51, 10.4, 9.95);
    assertThat(finding.holds().orElseThrow().rate()).isEqualTo(9.95);
    assertThat(finding.breaks().orElseThrow().rate()).isEqualTo(10.4);
  }

  @Test
  void a_rate_is_tried_again_until_it_is_clear_or_the_repeats_are_used_up() {
    List<Trial> trials = new ArrayList<>();

    Finding finding =
        search(
            SETTINGS, trials, trial -> trial.rate() < 2 ? new Tally(91, 100) : new Tally(10, 100));

    assertThat(trials)
        .startsWith(new Trial(1, 1), new Trial(1, 2), new Trial(1, 3), new Trial(2, 1));
    assertThat(finding.text())
        .contains("attainment of 90 % holds at")
        .contains("3 runs, undecided")
        .contains("and not at")
        .contains("1 run)");
  }

  @Test
  void a_server_that_is_always_too_slow_is_said_to_be() {
    List<Trial> trials = new ArrayList<>();

    Finding finding = search(SETTINGS, trials, cliff(0.5));

    assertThat(trials).containsExactly(new Trial(1, 1));
    assertThat(finding.holds()).isEmpty();
    assertThat(finding.text()).startsWith("attainment of 90 % does not hold even at 1 requests/s");
  }

  @Test
  void a_server_that_takes_every_rate_is_tried_at_the_highest() {
    List<Trial> trials = new ArrayList<>();

    Finding finding = search(SETTINGS, trials, cliff(1e9));

    assertThat(trials.getLast().rate()).isEqualTo(100);
    assertThat(finding.breaks()).isEmpty();
    assertThat(finding.text())
        .contains("up to the highest rate that was asked for, 100 requests/s");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void noise_leaves_the_finding_near_the_truth(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    DoubleUnaryOperator truth = rate -> 1 / (1 + Math.exp((rate - 20) / 1.0));
    double right = 20 - Math.log(9);

    Finding finding =
        search(
            SETTINGS,
            new ArrayList<>(),
            trial -> {
              long attained =
                  random.doubles(1000).filter(x -> x < truth.applyAsDouble(trial.rate())).count();
              return new Tally(attained, 1000);
            });

    assertThat(finding.holds().orElseThrow().rate())
        .as("seed %d", seed)
        .isCloseTo(right, within(1.2));
  }

  @Test
  void the_interval_is_wilsons() {
    Proportion seen = Proportion.of(List.of(new Tally(90, 100)), 1.959964);

    assertThat(seen.share()).isEqualTo(0.9);
    assertThat(seen.low()).isCloseTo(0.8256, within(1e-4));
    assertThat(seen.high()).isCloseTo(0.9448, within(1e-4));
    assertThat(Proportion.of(List.of(new Tally(100, 100)), 1.959964).low())
        .isCloseTo(0.9630, within(1e-4));
    assertThat(Proportion.of(List.of(), 1.96)).isEqualTo(new Proportion(Double.NaN, 0, 1));
  }

  @Test
  void runs_that_differ_more_than_chance_widen_the_interval() {
    Proportion alike = Proportion.of(List.of(new Tally(90, 100), new Tally(90, 100)), 1.96);
    Proportion apart = Proportion.of(List.of(new Tally(80, 100), new Tally(100, 100)), 1.96);

    assertThat(apart.share()).isEqualTo(alike.share());
    assertThat(apart.high() - apart.low()).isGreaterThan(2 * (alike.high() - alike.low()));
  }

  @Test
  void quantiles_are_those_of_the_normal_distribution() {
    assertThat(StandardNormal.quantile(0.975)).isCloseTo(1.959964, within(1e-5));
    assertThat(StandardNormal.quantile(0.5)).isCloseTo(0, within(1e-6));
  }

  @Test
  void the_number_of_runs_is_bounded() {
    List<Trial> trials = new ArrayList<>();
    search(SETTINGS, trials, trial -> new Tally(trial.rate() < 63 ? 91 : 89, 100));

    assertThat(trials.size())
        .isBetween(RateSearch.fewestRuns(SETTINGS), RateSearch.mostRuns(SETTINGS));
  }

  private static Function<Trial, Tally> cliff(double capacity) {
    return trial -> trial.rate() <= capacity ? new Tally(1000, 1000) : new Tally(100, 1000);
  }

  private static Finding search(
      SearchSettings settings, List<Trial> trials, Function<Trial, Tally> server) {
    RateSearch search = new RateSearch(settings);
    for (Trial trial = search.next().orElse(null);
        trial != null;
        trial = search.next().orElse(null)) {
      trials.add(trial);
      search.ended(server.apply(trial));
    }
    return search.finding();
  }
}
