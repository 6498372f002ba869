package dev.kvasir.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import org.junit.jupiter.api.Test;

class AttainmentTest {

  private static final long MS = 1_000_000;

  @Test
  void limitsAreInclusive() {
    var request = Requests.answered(1_100, 1_400, 11).build();

    assertThat(Attainment.of(request, 100 * MS, 30 * MS)).isEqualTo(new Attainment(true, true));
    assertThat(Attainment.of(request, 100 * MS - 1, 30 * MS))
        .isEqualTo(new Attainment(false, true));
    assertThat(Attainment.of(request, 100 * MS, 30 * MS - 1))
        .isEqualTo(new Attainment(true, false));
  }

  @Test
  void aLimitThatIsNotGivenIsMet() {
    assertThat(Attainment.of(Requests.answered(9_000, 99_000, 2).build()).both()).isTrue();
  }

  @Test
  void oneOutputTokenMeetsTheLimitPerOutputToken() {
    assertThat(Attainment.of(Requests.answered(1_100, 1_100, 1).build(), null, 1L).tpot()).isTrue();
  }

  @Test
  void anUnknownNumberOfTokensMissesTheLimitPerOutputToken() {
    var request = Requests.answered(1_100, 1_400, 5).setOutputTokens(null).build();

    assertThat(Attainment.of(request, 100 * MS, 30 * MS)).isEqualTo(new Attainment(true, false));
  }

  @Test
  void aRequestThatFailedMissesBothEvenWithoutLimits() {
    for (Outcome outcome : Outcome.values()) {
      var request = Requests.answered(1_001, 1_002, 5).setOutcome(outcome).build();
      boolean ok = outcome == Outcome.OK;

      assertThat(Attainment.of(request)).isEqualTo(new Attainment(ok, ok));
    }
  }

  @Test
  void anAnswerWithoutContentMissesTheLimitOfTheFirstToken() {
    var request = Requests.answered(0, 0, 0).setFirstContentAt(null).setLastContentAt(null).build();

    assertThat(Attainment.of(request, 100 * MS, 30 * MS).ttft()).isFalse();
  }
}
