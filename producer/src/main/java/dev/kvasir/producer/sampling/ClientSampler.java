package dev.kvasir.producer.sampling;

import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Samples, each second, one of several clients that share a run. */
public final class ClientSampler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClientSampler.class);

  private final SamplerSettings settings;
  private final Map<String, String> labels;
  private final ClientVitals vitals;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("run-sampler").daemon().factory());

  private ClientSampler(SamplerSettings settings, Map<String, String> labels) {
    this.settings = settings;
    this.labels = labels;
    this.vitals = new ClientVitals(settings);
  }

  /**
   * Starts a thread that samples until it is closed.
   *
   * @param labels labels of every sample: which client it is
   */
  public static ClientSampler start(SamplerSettings settings, Map<String, String> labels) {
    ClientSampler sampler = new ClientSampler(settings, Map.copyOf(labels));
    var _ = sampler.thread.scheduleAtFixedRate(sampler::tick, 1, 1, TimeUnit.SECONDS);
    return sampler;
  }

  private void tick() {
    try {
      vitals.second(this::publish);
    } catch (RuntimeException e) {
      LOG.warn("a sample failed run={} reason=\"{}\"", settings.run(), e.toString());
    }
  }

  private void publish(String name, double value) {
    long at = settings.anchor().epochAt(settings.ticker().nanos());
    settings
        .publisher()
        .publish(new Sampled(settings.run(), at, SampleSource.CLIENT, name, labels, value));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
