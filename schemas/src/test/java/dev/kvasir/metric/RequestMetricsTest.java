package dev.kvasir.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.RequestFinished;
import org.junit.jupiter.api.Test;

class RequestMetricsTest {

  private static final long MS = 1_000_000;

  private final RequestFinished request = Requests.answered(1_100, 1_400, 11).build();

  @Test
  void latenciesCountFromDueAndBesideItFromSent() {
    assertThat(RequestMetrics.ttft(request)).isEqualTo(100 * MS);
    assertThat(RequestMetrics.ttftSent(request)).isEqualTo(90 * MS);
    assertThat(RequestMetrics.ttftChunk(request)).isEqualTo(30 * MS);
    assertThat(RequestMetrics.e2e(request)).isEqualTo(400 * MS);
    assertThat(RequestMetrics.e2eSent(request)).isEqualTo(390 * MS);
    assertThat(RequestMetrics.e2eDone(request)).isEqualTo(405 * MS);
    assertThat(RequestMetrics.queue(request)).isEqualTo(10 * MS);
  }

  @Test
  void timePerOutputTokenSharesTheDecodeAmongAllButTheFirst() {
    assertThat(RequestMetrics.tpot(request)).isEqualTo(30.0 * MS);
  }

  @Test
  void timePerOutputTokenIsUnknownForOneTokenOrAnUnknownNumber() {
    assertThat(RequestMetrics.tpot(Requests.answered(1_100, 1_100, 1).build())).isNull();
    assertThat(
            RequestMetrics.tpot(Requests.answered(1_100, 1_400, 2).setOutputTokens(null).build()))
        .isNull();
  }

  @Test
  void whatNeverHappenedIsNull() {
    RequestFinished unsent =
        Requests.answered(0, 0, 0)
            .setSentAt(null)
            .setFirstChunkAt(null)
            .setFirstContentAt(null)
            .setLastContentAt(null)
            .setDoneAt(null)
            .build();

    assertThat(RequestMetrics.ttft(unsent)).isNull();
    assertThat(RequestMetrics.ttftSent(unsent)).isNull();
    assertThat(RequestMetrics.e2e(unsent)).isNull();
    assertThat(RequestMetrics.queue(unsent)).isNull();
  }
}
