package dev.kvasir.producer.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class SelfWarmUpTest {

  @Test
  void takesWholeAnswersThatCountAsWarmUp() throws Exception {
    Queue<SpecificRecord> events = new ConcurrentLinkedQueue<>();
    try (LoadClient client = LoadClient.open(Ticker.system())) {
      SelfWarmUp.run(client, Duration.ofMillis(1), Ticker.system(), events::add);
    }

    assertThat(events)
        .filteredOn(RequestFinished.class::isInstance)
        .isNotEmpty()
        .allSatisfy(event -> {
          RequestFinished end = (RequestFinished) event;
          assertThat(end.getOutcome()).as(end.toString()).isEqualTo(Outcome.OK);
          assertThat(end.getPhase()).isEqualTo(Phase.WARM_UP);
          assertThat(end.getChunks()).isEqualTo(SelfWarmUp.TOKENS);
        });
  }
}
