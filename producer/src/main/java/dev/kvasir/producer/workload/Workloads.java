package dev.kvasir.producer.workload;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The workloads of a plan, each loaded once. One thread uses them. */
public final class Workloads {

  private final Map<WorkloadSpec, Workload> loaded;

  private Workloads(Map<WorkloadSpec, Workload> loaded) {
    this.loaded = loaded;
  }

  /**
   * Loads what specifications name.
   *
   * @throws DatasetException when a file cannot be read, or a record of it cannot and its
   *     specification is not lenient
   */
  public static Workloads load(Collection<WorkloadSpec> specs, Datasets datasets) {
    Map<WorkloadSpec, Workload> loaded = new LinkedHashMap<>();
    for (WorkloadSpec spec : specs) {
      if (!loaded.containsKey(spec)) {
        Workload like = like(spec, loaded);
        loaded.put(
            spec, like == null ? Workload.load(spec, datasets) : like.of(spec.source()));
      }
    }
    return new Workloads(loaded);
  }

  /** A workload that differs in nothing but lengths and groups, and need not be loaded again. */
  private static @Nullable Workload like(WorkloadSpec spec, Map<WorkloadSpec, Workload> loaded) {
    if (spec.source().file() != null) {
      return null;
    }
    for (Map.Entry<WorkloadSpec, Workload> each : loaded.entrySet()) {
      WorkloadSpec other = each.getKey();
      if (other.source().getClass() == spec.source().getClass()
          && Objects.equals(other.outputTokens(), spec.outputTokens())
          && Objects.equals(other.tokenizer(), spec.tokenizer())) {
        return each.getValue();
      }
    }
    return null;
  }

  /** The workload that a specification describes. */
  public Workload of(WorkloadSpec spec) {
    Workload workload = loaded.get(spec);
    if (workload == null) {
      throw new IllegalArgumentException("the workload was not loaded: " + spec);
    }
    return workload;
  }

  /** Records that were left out because they could not be read, each with file, line and cause. */
  public List<String> skipped() {
    return loaded.values().stream().flatMap(each -> each.skipped().stream()).distinct().toList();
  }
}
