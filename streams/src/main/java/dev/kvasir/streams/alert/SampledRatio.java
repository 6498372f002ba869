package dev.kvasir.streams.alert;

import dev.kvasir.event.Sampled;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule can watch in samples: a sample's own name, {@code gpu_utilisation_ratio} (0 to 1, of
 * DCGM's percent) and {@code gpu_memory_ratio} (used of used and free). Owned by one thread.
 */
interface SampledRatio {

  String UTILISATION = "DCGM_FI_DEV_GPU_UTIL";
  String MEMORY_USED = "DCGM_FI_DEV_FB_USED";
  String MEMORY_FREE = "DCGM_FI_DEV_FB_FREE";

  /** The value that a sample tells; null when it tells none. */
  @Nullable Double in(Sampled sample);

  /** What a rule's metric is called. */
  static SampledRatio of(String metric) {
    return switch (metric) {
      case "gpu_utilisation_ratio" ->
          sample ->
              sample.getName().equals(UTILISATION)
                  ? Double.valueOf(sample.getValue() / 100)
                  : named(metric, sample);
      case "gpu_memory_ratio" -> new Memory(metric);
      default -> sample -> named(metric, sample);
    };
  }

  private static @Nullable Double named(String metric, Sampled sample) {
    return sample.getName().equals(metric) ? Double.valueOf(sample.getValue()) : null;
  }

  /** Memory of each GPU, once both of its parts are known. */
  final class Memory implements SampledRatio {

    private final String metric;
    private final Map<Map<String, String>, Double> free = new HashMap<>();

    Memory(String metric) {
      this.metric = metric;
    }

    @Override
    public @Nullable Double in(Sampled sample) {
      if (sample.getName().equals(MEMORY_FREE)) {
        free.put(sample.getLabels(), sample.getValue());
        return null;
      }
      if (!sample.getName().equals(MEMORY_USED)) {
        return named(metric, sample);
      }
      Double left = free.get(sample.getLabels());
      double used = sample.getValue();
      return left == null || used + left <= 0 ? null : Double.valueOf(used / (used + left));
    }
  }
}
