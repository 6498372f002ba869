package dev.kvasir.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Phase;
import dev.kvasir.event.TokenReceived;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThroughputTest {

  @Test
  void ratesAreCountsOverTheDuration() {
    Throughput run = new Throughput(10, 1_000, 200, 6, 4_000_000_000L);

    assertThat(run.requestsPerSecond()).isEqualTo(2.5);
    assertThat(run.outputTokensPerSecond()).isEqualTo(50);
    assertThat(run.totalTokensPerSecond()).isEqualTo(300);
    assertThat(run.goodput()).isEqualTo(1.5);
  }

  @Test
  void aRunWithoutDurationHasNoRate() {
    assertThat(new Throughput(1, 1, 1, 1, 0).requestsPerSecond()).isNull();
  }

  @Test
  void peakConcurrencyIsSweptNotBucketed() {
    long[] starts = {0, 10, 20, 30};
    long[] ends = {25, 20, 40, 31};

    assertThat(PeakConcurrency.of(starts, ends)).isEqualTo(2);
    assertThat(PeakConcurrency.of(new long[0], new long[0])).isZero();
  }

  @Test
  void aGapIsSharedAmongTheTokensOfAChunk() {
    TokenReceived three = new TokenReceived(1L, 0, 1, 9L, 3, 60L, null, null, 1, 1);
    TokenReceived unknown = new TokenReceived(1L, 0, 1, 9L, null, 60L, null, null, 1, 1);

    assertThat(TokenMetrics.itlChunk(three)).isEqualTo(60);
    assertThat(TokenMetrics.itlToken(three)).isEqualTo(20);
    assertThat(TokenMetrics.itlToken(unknown)).isNull();
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void flagsHoldPhaseAndReasoning(Phase phase) {
    for (boolean reasoning : new boolean[] {true, false}) {
      int flags = TokenMetrics.flags(phase, reasoning);
      TokenReceived chunk = new TokenReceived(1L, 0, 0, 9L, 1, null, 1L, 1L, 1, flags);

      assertThat(TokenMetrics.phase(chunk)).isEqualTo(phase);
      assertThat(TokenMetrics.measured(chunk)).isEqualTo(phase == Phase.MEASURE);
      assertThat(TokenMetrics.reasoning(chunk)).isEqualTo(reasoning);
    }
  }
}
