package dev.kvasir.app.pipeline;

import dev.kvasir.app.pipeline.GeneratorNews.Metered;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of a generator whose process serves none, told to a process that does. Thread-safe.
 */
public final class GeneratorMeters {

  private static final String OURS = "kvasir.";

  private final MeterRegistry registry;
  private final Map<String, Double> values = new ConcurrentHashMap<>();

  /** Serves in a registry what will be heard. */
  public GeneratorMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** How the meters of a generator's registry stand. */
  public static Metered of(MeterRegistry registry) {
    return new Metered(
        registry.getMeters().stream()
            .filter(meter -> meter.getId().getName().startsWith(OURS))
            .map(GeneratorMeters::reading)
            .toList());
  }

  private static Metered.Meter reading(Meter meter) {
    Meter.Id id = meter.getId();
    Measurement first = meter.measure().iterator().next();
    return new Metered.Meter(
        id.getName(),
        id.getBaseUnit(),
        Objects.requireNonNullElse(id.getDescription(), ""),
        id.getType() == Meter.Type.COUNTER,
        first.getValue());
  }

  /** Takes in how they stand. */
  public void hear(Metered news) {
    for (Metered.Meter meter : news.meters()) {
      if (values.put(meter.name(), meter.value()) == null) {
        serve(meter);
      }
    }
  }

  private void serve(Metered.Meter meter) {
    if (meter.counts()) {
      FunctionCounter.builder(meter.name(), values, now -> value(now, meter))
          .description(meter.description())
          .baseUnit(meter.unit())
          .register(registry);
    } else {
      Gauge.builder(meter.name(), values, now -> value(now, meter))
          .description(meter.description())
          .baseUnit(meter.unit())
          .register(registry);
    }
  }

  private static double value(Map<String, Double> now, Metered.Meter meter) {
    return now.getOrDefault(meter.name(), Double.NaN);
  }
}
