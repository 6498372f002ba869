package dev.kvasir.producer.calibration;

import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.SelfWarmUp;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.publish.PublisherSettings;
import dev.kvasir.time.Ticker;
import java.time.Duration;

/** A client that publishes what it takes, for trials against emitters. Owned by one thread. */
public final class Calibrator implements AutoCloseable {

  private static final Duration SELF_WARM_UP = Duration.ofSeconds(8);

  private final Ticker ticker;
  private final EventPublisher publisher;
  private final LoadClient client;

  private Calibrator(Ticker ticker, EventPublisher publisher, LoadClient client) {
    this.ticker = ticker;
    this.publisher = publisher;
    this.client = client;
  }

  /** Connects to Kafka, whose topics must exist, and warms the client up. */
  public static Calibrator open(PublisherSettings settings) throws InterruptedException {
    Ticker ticker = Ticker.system();
    EventPublisher publisher = EventPublisher.start(settings, ticker);
    LoadClient client = LoadClient.open(ticker);
    Calibrator calibrator = new Calibrator(ticker, publisher, client);
    SelfWarmUp.run(client, SELF_WARM_UP, ticker, event -> {});
    return calibrator;
  }

  /** Measures a load against the recording emitter at an address. */
  public TrialResult measure(String emitter, Trial trial) throws InterruptedException {
    return new StampingTrial(client, ticker, emitter, publisher::publish).run(trial);
  }

  @Override
  public void close() {
    client.close();
    publisher.close();
  }
}
