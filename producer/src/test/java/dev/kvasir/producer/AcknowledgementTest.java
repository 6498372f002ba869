package dev.kvasir.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a generator waits for Kafka, in driven time. */
class AcknowledgementTest {

  private long now;
  private int slices;

  @Test
  void whatKafkaTakesSecondsForIsWaitedForThoughTheGeneratorStops() throws Exception {
    assertThat(waiting(Duration.ofSeconds(9), Long.MIN_VALUE).await()).isTrue();
  }

  @Test
  void aGeneratorThatStopsGivesUpInTheEnd() throws Exception {
    assertThat(waiting(Duration.ofDays(1), Long.MIN_VALUE).await()).isFalse();
    assertThat(now).isEqualTo(Acknowledgement.PATIENCE.toNanos());
  }

  @Test
  void itsPatienceBeginsWhenItIsToStop() throws Exception {
    long stop = Duration.ofHours(1).toNanos();

    assertThat(waiting(Duration.ofHours(1).plusSeconds(9), stop).await()).isTrue();
    assertThat(waiting(Duration.ofDays(1), stop).await()).isFalse();
  }

  @Test
  void aGeneratorThatGoesOnWaitsAsLongAsItTakes() throws Exception {
    assertThat(waiting(Duration.ofDays(1), Long.MAX_VALUE).await()).isTrue();
    assertThat(slices).isGreaterThan(100_000);
  }

  /** Kafka takes everything after a while; the generator is to stop at a time. */
  private Acknowledgement waiting(Duration taken, long stopNanos) {
    now = 0;
    return new Acknowledgement(
        limit -> {
          slices++;
          now += limit.toNanos();
          return now >= taken.toNanos();
        },
        () -> now >= stopNanos,
        () -> now);
  }
}
