package dev.kvasir.producer.arrival;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LoadPointTest {

  private static final ArrivalProcess POISSON = new ArrivalProcess.Poisson();

  @Test
  void the_text_is_short_for_the_usual_and_names_the_unusual() {
    assertThat(new LoadPoint.Open(POISSON, 2.5, null).text()).isEqualTo("rate=2.5");
    assertThat(new LoadPoint.Open(POISSON, 20, null).text()).isEqualTo("rate=20");
    assertThat(new LoadPoint.Open(POISSON, Double.POSITIVE_INFINITY, null).text())
        .isEqualTo("rate=inf");
    assertThat(new LoadPoint.Open(POISSON, 100, 16).text()).isEqualTo("rate=100-cap=16");
    assertThat(new LoadPoint.Open(new ArrivalProcess.Constant(), 5, null).text())
        .isEqualTo("rate=5-constant");
    assertThat(new LoadPoint.Open(new ArrivalProcess.Gamma(0.5), 5, null).text())
        .isEqualTo("rate=5-burstiness=0.5");
    assertThat(new LoadPoint.Closed(16).text()).isEqualTo("concurrency=16");
  }

  @Test
  void impossible_load_is_refused() {
    assertThatThrownBy(() -> new LoadPoint.Open(POISSON, -5, null)).hasMessageContaining("-5");
    assertThatThrownBy(() -> new LoadPoint.Open(POISSON, Double.NaN, null))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new LoadPoint.Open(POISSON, 1, 0)).hasMessageContaining("0");
    assertThatThrownBy(() -> new LoadPoint.Closed(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> new ArrivalProcess.Gamma(0)).hasMessageContaining("0");
  }
}
