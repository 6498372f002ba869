package dev.kvasir.producer.sampling;

import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.producer.exchange.Secrets;
import dev.kvasir.producer.plan.Probes;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples what serves one run, each second: Prometheus pages of servers and caches, and GPUs. Every
 * probe has a thread of its own, so that one that does not answer delays no other.
 */
public final class ServerSampler {

  private static final Logger LOG = LoggerFactory.getLogger(ServerSampler.class);
  private static final long CLOSE_SECONDS = 3;

  private final Settings settings;
  private final List<Running> running = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * What is sampled.
   *
   * @param run run number
   * @param probes what is asked
   * @param requests sends requests to the server
   * @param secrets what no sample may hold
   * @param epochNanos the time now
   * @param samples takes the samples, from any thread; must not block
   */
  public record Settings(
      long run,
      Probes probes,
      SideRequests requests,
      Secrets secrets,
      LongSupplier epochNanos,
      Consumer<Sampled> samples) {}

  /** A probe, its thread, what it has counted, and whether it has given anything. */
  private record Running(
      Probe probe, Traffic traffic, ScheduledExecutorService thread, AtomicBoolean gave) {}

  private ServerSampler(Settings settings) {
    this.settings = settings;
  }

  /** Takes a first sample of everything, for at most a second, and goes on until {@link #stop}. */
  public static ServerSampler start(Settings settings) throws InterruptedException {
    ServerSampler sampler = new ServerSampler(settings);
    List<Probe> probes = sampler.probes();
    CountDownLatch first = new CountDownLatch(probes.size());
    for (Probe probe : probes) {
      Running each =
          new Running(
              probe,
              new Traffic(),
              Executors.newSingleThreadScheduledExecutor(
                  Thread.ofPlatform().name("server-sampler").daemon().factory()),
              new AtomicBoolean());
      sampler.running.add(each);
      each.thread()
          .execute(() -> {
            sampler.tick(each);
            first.countDown();
          });
      var _ = each.thread().scheduleAtFixedRate(() -> sampler.tick(each), 1, 1, TimeUnit.SECONDS);
    }
    if (!first.await(1, TimeUnit.SECONDS)) {
      LOG.info("a run begins before every server has been sampled run={}", settings.run());
    }
    return sampler;
  }

  private List<Probe> probes() {
    Probes asked = settings.probes();
    List<URI> pages = new ArrayList<>(asked.metrics().stream().map(URI::create).toList());
    if (pages.isEmpty()) {
      pages.add(settings.requests().on("/metrics"));
    }
    List<Probe> probes = new ArrayList<>();
    for (URI page : pages) {
      Map<String, String> instance =
          pages.size() == 1 ? Map.of() : Map.of("instance", page.getAuthority());
      probes.add(new MetricsPage(settings.requests(), page, SampleSource.SERVER, instance));
    }
    if (asked.dcgm() != null) {
      probes.add(
          new MetricsPage(
              settings.requests(), URI.create(asked.dcgm()), SampleSource.GPU, Map.of()));
    }
    if (asked.nvidiaSmi() != null) {
      probes.add(NvidiaSmi.start(asked.nvidiaSmi()));
    }
    return probes;
  }

  private void tick(Running each) {
    try {
      List<Reading> readings = each.probe().read();
      for (Reading reading : readings) {
        each.traffic().add(reading);
        publish(reading);
      }
      if (!readings.isEmpty()) {
        each.gave().set(true);
        each.traffic().pageEnded();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("a sample failed run={} reason=\"{}\"", settings.run(), e.toString());
    }
  }

  private void publish(Reading reading) {
    Map<String, String> labels = reading.labels();
    if (!settings.secrets().values().isEmpty()) {
      Map<String, String> shown = new TreeMap<>();
      labels.forEach((key, value) ->
          shown.put(
              String.valueOf(settings.secrets().hide(key)),
              String.valueOf(settings.secrets().hide(value))));
      labels = shown;
    }
    settings
        .samples()
        .accept(
            new Sampled(
                settings.run(),
                settings.epochNanos().getAsLong(),
                reading.source(),
                reading.name(),
                labels,
                reading.value()));
  }

  /**
   * Takes a last sample; returns what the servers showed of the strategy, as labels.
   *
   * @param told cached prompt tokens by tier that answers told
   */
  public Map<String, String> stop(Map<String, Long> told) throws InterruptedException {
    for (Running each : running) {
      each.thread().execute(() -> tick(each));
      each.thread().shutdown();
    }
    List<Traffic> counted = new ArrayList<>();
    for (Running each : running) {
      if (each.thread().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        counted.add(each.traffic());
      } else {
        each.thread().shutdownNow();
        LOG.warn("a sampler did not end in time run={}", settings.run());
      }
      missing(each);
      each.probe().close();
    }
    return ObservedTiers.of(Traffic.together(counted), told);
  }

  /** Which of the sources that the plan names gave nothing, or stopped; known once stopped. */
  public List<String> missing() {
    return List.copyOf(missing);
  }

  private void missing(Running each) {
    String failure = each.probe().failure();
    if (failure == null || !isNamed(each.probe())) {
      return;
    }
    String what =
        each.gave().get()
            ? "samples of %s ended before the run (%s)"
            : "there are no samples of %s, which the plan names: %s";
    missing.add(
        String.valueOf(settings.secrets().hide(what.formatted(each.probe().name(), failure))));
  }

  /** The server's own page is asked though the plan names none. */
  private boolean isNamed(Probe probe) {
    return !settings.probes().metrics().isEmpty()
        || !(probe instanceof MetricsPage page && page.isOfServer());
  }
}
