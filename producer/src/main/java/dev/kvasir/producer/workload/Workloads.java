package dev.kvasir.producer.workload;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    Tokenizers tokenizers = new Tokenizers(datasets);
    for (WorkloadSpec spec : specs) {
      loaded.computeIfAbsent(
          spec, each -> WorkloadLoader.load(each, datasets, tokenizers.of(each.tokenizer())));
    }
    return new Workloads(loaded);
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
