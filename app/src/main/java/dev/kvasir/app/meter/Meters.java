package dev.kvasir.app.meter;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The meters of this process, and the condition of its stages; thread-safe. */
public final class Meters implements AutoCloseable {

  /** The media type of {@link #text}: OpenMetrics 1.0. */
  public static final String MEDIA_TYPE =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Map<String, Supplier<Condition>> stages = new ConcurrentHashMap<>();

  private Meters() {}

  /** Meters of the Java process alone; stages report theirs to {@link #registry}. */
  public static Meters ofThisProcess() {
    Meters meters = new Meters();
    meters.gc.bindTo(meters.registry);
    new JvmMemoryMetrics().bindTo(meters.registry);
    new JvmThreadMetrics().bindTo(meters.registry);
    new ProcessorMetrics().bindTo(meters.registry);
    new FileDescriptorMetrics().bindTo(meters.registry);
    new UptimeMetrics().bindTo(meters.registry);
    return meters;
  }

  /** Where a stage reports its meters. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Says how to ask for a stage's condition; a later call for the same stage wins. */
  public void watch(String stage, Supplier<Condition> condition) {
    stages.put(stage, condition);
  }

  /** The condition of every stage, by name. */
  Map<String, Condition> conditions() {
    Map<String, Condition> now = new TreeMap<>();
    stages.forEach((stage, condition) -> now.put(stage, condition.get()));
    return now;
  }

  /** Every meter as OpenMetrics text. */
  public String text() {
    return registry.scrape(MEDIA_TYPE);
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
