package dev.kvasir.producer.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.loopback.Emitter;
import dev.kvasir.time.Ticker;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class StampingTrialTest {

  @Test
  void everyEmissionMeetsItsStampAndNoStampIsEarly() throws Exception {
    Ticker ticker = Ticker.system();
    Queue<SpecificRecord> events = new ConcurrentLinkedQueue<>();
    TrialResult result;
    try (Emitter emitter = Emitter.recording(Duration.ofMillis(20), ticker);
        LoadClient client = LoadClient.open(ticker)) {
      result =
          new StampingTrial(client, ticker, emitter.url(), events::add).run(new Trial(3, 50, 1));
    }

    assertThat(result.missing()).isZero();
    assertThat(result.streams()).isEqualTo(3);
    assertThat(result.lagP50Ms()).isPositive();
    assertThat(result.lagP99Ms()).isGreaterThanOrEqualTo(result.lagP50Ms());
    assertThat(result.readsPerToken()).isBetween(0.02, 2.0);
    assertThat(events)
        .filteredOn(event -> event instanceof TokenReceived token && token.getOrdinal() >= 0)
        .hasSize(150);
    assertThat(events).filteredOn(RequestFinished.class::isInstance).hasSize(6);
  }
}
