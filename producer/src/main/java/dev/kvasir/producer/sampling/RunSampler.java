package dev.kvasir.producer.sampling;

import com.sun.management.OperatingSystemMXBean;
import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.producer.publish.Backlog;
import dev.kvasir.producer.verdict.ClientHealth;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples one run each second.
 *
 * <p>Of the client: {@code dispatch_lag_p99_ms}, {@code loop_lag_p99_ms}, {@code loop_lag_max_ms},
 * {@code gc_pause_ms} (within the second), {@code cpu_share} (of the machine, 0 to 1), {@code
 * publisher_queued_events}, {@code publisher_waiting_bytes}, {@code publisher_spilled_bytes} and
 * {@code wall_drift_ms}. Of the server: what its Prometheus page says under known names.
 */
public final class RunSampler {

  private static final Logger LOG = LoggerFactory.getLogger(RunSampler.class);
  private static final long CLOSE_SECONDS = 3;

  private final SamplerSettings settings;
  private final ServerMetrics server;
  private final ScheduledExecutorService thread;
  private final GcPauses gc = new GcPauses();
  private final OperatingSystemMXBean machine =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Histogram dispatchLag = new Histogram(TimeUnit.HOURS.toNanos(1), 2);
  private final Histogram loopLag = new Histogram(TimeUnit.HOURS.toNanos(1), 2);
  private long gcPauseMillis;
  private long driftNanos;
  private long stepNanos;

  private RunSampler(SamplerSettings settings) {
    this.settings = settings;
    this.server = new ServerMetrics(settings.server());
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("run-sampler").daemon().factory());
  }

  /** Starts a thread that samples until {@link #stop}. */
  public static RunSampler start(SamplerSettings settings) {
    RunSampler sampler = new RunSampler(settings);
    settings.loop().takeDispatchLag();
    settings.loop().takeLoopLag();
    sampler.driftNanos = settings.anchor().wallDriftNanos(settings.ticker(), settings.wall());
    var _ = sampler.thread.scheduleAtFixedRate(sampler::tick, 1, 1, TimeUnit.SECONDS);
    return sampler;
  }

  /** Takes a last sample and says how the client fared. */
  public ClientHealth stop() throws InterruptedException {
    thread.execute(this::tick);
    thread.shutdown();
    if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
      thread.shutdownNow();
      LOG.warn("the sampler of run {} did not end in time", settings.run());
    }
    server.close();
    return new ClientHealth(
        dispatchLag.getValueAtPercentile(99),
        loopLag.getValueAtPercentile(99),
        TimeUnit.MILLISECONDS.toNanos(gcPauseMillis),
        stepNanos);
  }

  private void tick() {
    try {
      client();
      for (PrometheusText.Series series : server.read()) {
        publish(SampleSource.SERVER, series.name(), series.labels(), series.value());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("a sample of run {} failed: {}", settings.run(), e.toString());
    }
  }

  private void client() {
    Histogram dispatched = settings.loop().takeDispatchLag();
    if (dispatched.getTotalCount() > 0) {
      client("dispatch_lag_p99_ms", dispatched.getValueAtPercentile(99) / 1e6);
    }
    dispatchLag.add(dispatched);
    Histogram loop = settings.loop().takeLoopLag();
    if (loop.getTotalCount() > 0) {
      client("loop_lag_p99_ms", loop.getValueAtPercentile(99) / 1e6);
      client("loop_lag_max_ms", loop.getMaxValue() / 1e6);
    }
    loopLag.add(loop);
    long paused = gc.takeMillis();
    gcPauseMillis = Math.max(gcPauseMillis, paused);
    client("gc_pause_ms", (double) paused);
    double cpu = machine.getProcessCpuLoad();
    if (cpu >= 0) {
      client("cpu_share", cpu);
    }
    backlog(settings.publisher().backlog());
    long drift = settings.anchor().wallDriftNanos(settings.ticker(), settings.wall());
    stepNanos = Math.max(stepNanos, Math.abs(drift - driftNanos));
    driftNanos = drift;
    client("wall_drift_ms", drift / 1e6);
  }

  private void backlog(Backlog backlog) {
    client("publisher_queued_events", backlog.queued());
    client("publisher_waiting_bytes", (double) backlog.memoryBytes());
    client("publisher_spilled_bytes", (double) backlog.spilledBytes());
  }

  private void client(String name, double value) {
    publish(SampleSource.CLIENT, name, Map.of(), value);
  }

  private void publish(SampleSource source, String name, Map<String, String> labels, double value) {
    long at = settings.anchor().epochAt(settings.ticker().nanos());
    settings.publisher().publish(new Sampled(settings.run(), at, source, name, labels, value));
  }
}
