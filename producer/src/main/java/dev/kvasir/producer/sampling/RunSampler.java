package dev.kvasir.producer.sampling;

import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.producer.verdict.ClientHealth;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples one run each second.
 *
 * <p>Of the client: {@code dispatch_lag_p99_ms}, {@code loop_lag_p99_ms}, {@code loop_lag_max_ms},
 * {@code gc_pause_ms} (within the second), {@code cpu_share} (of the machine, 0 to 1), {@code
 * loop_cpu_share} (of one processor, 0 to 1), {@code socket_reads}, {@code bytes_per_read}, {@code
 * pieces_per_read} (of answers' bodies), {@code socket_backlog_bytes} and {@code
 * socket_backlog_max_bytes} (unread, of all connections to the server and of the worst; Linux),
 * {@code publisher_queued_events}, {@code publisher_waiting_bytes}, {@code publisher_spilled_bytes}
 * and {@code wall_drift_ms}; every ten seconds, with the label {@code process}, {@code
 * resident_bytes}, {@code threads} and {@code open_files} of Kvasir's own processes (Linux).
 */
public final class RunSampler {

  private static final Logger LOG = LoggerFactory.getLogger(RunSampler.class);
  private static final long CLOSE_SECONDS = 3;
  private static final long FOOTPRINT_SECONDS = 10;

  private final SamplerSettings settings;
  private final ScheduledExecutorService thread;
  private final ClientVitals vitals;
  private final Map<String, Footprint> footprints = new TreeMap<>();
  private long seconds;

  private RunSampler(SamplerSettings settings) {
    this.settings = settings;
    this.vitals = new ClientVitals(settings);
    settings.processes().forEach((what, pid) -> footprints.put(what, new Footprint(pid)));
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("run-sampler").daemon().factory());
  }

  /** Starts a thread that samples until {@link #stop}. */
  public static RunSampler start(SamplerSettings settings) {
    RunSampler sampler = new RunSampler(settings);
    var _ = sampler.thread.scheduleAtFixedRate(sampler::tick, 1, 1, TimeUnit.SECONDS);
    return sampler;
  }

  /** Takes a last sample and says how the client fared. */
  public ClientHealth stop() throws InterruptedException {
    thread.execute(this::tick);
    thread.shutdown();
    if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
      thread.shutdownNow();
      LOG.warn("the sampler did not end in time run={}", settings.run());
    }
    return vitals.health();
  }

  private void tick() {
    try {
      vitals.second(this::client);
      if (seconds++ % FOOTPRINT_SECONDS == 0) {
        footprints.forEach((what, footprint) -> footprint.read(ofProcess(what)));
      }
    } catch (RuntimeException e) {
      LOG.warn("a sample failed run={} reason=\"{}\"", settings.run(), e.toString());
    }
  }

  private void client(String name, double value) {
    publish(SampleSource.CLIENT, name, Map.of(), value);
  }

  private ClientVitals.Taker ofProcess(String what) {
    return (name, value) -> publish(SampleSource.CLIENT, name, Map.of("process", what), value);
  }

  private void publish(SampleSource source, String name, Map<String, String> labels, double value) {
    long at = settings.anchor().epochAt(settings.ticker().nanos());
    settings.publisher().publish(new Sampled(settings.run(), at, source, name, labels, value));
  }
}
