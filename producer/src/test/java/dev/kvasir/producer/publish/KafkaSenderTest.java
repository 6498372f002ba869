package dev.kvasir.producer.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.time.WallClock;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class KafkaSenderTest {

  /** Kafka adds the limit to the time of day: a sum that overflows forgets topics at once. */
  @Test
  void theLimitAfterWhichATopicIsForgottenLiesInTheFuture() {
    long nowMillis = WallClock.system().epochNanos() / 1_000_000;
    long limit =
        (long) KafkaSender.config("127.0.0.1:1", 1).get(ProducerConfig.METADATA_MAX_IDLE_CONFIG);

    assertThat(nowMillis + limit).isGreaterThan(nowMillis + Duration.ofDays(30).toMillis());
  }
}
