package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.KvSizing;
import dev.kvasir.producer.workload.Source;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes what prompts cost in the KV cache, and how much of it runs are to fill. */
final class KvText {

  private KvText() {}

  /** Whether it, or what it is told with, says how many prompts there are. */
  static boolean decidesPrompts(WorkloadSpec spec) {
    if (spec.source() instanceof Source.LongDocuments) {
      return true;
    }
    return spec.kv() != null
        && switch (spec.kv().target()) {
          case null -> false;
          case KvSizing.Bytes _ -> true;
          case KvSizing.WorkingSet set -> set.promptsPerGroup() != null;
        };
  }

  /** Puts the keys, and takes those away that follow from them. */
  static void put(WorkloadSpec spec, Map<String, Object> workload) {
    if (spec.source() instanceof Source.LongDocuments documents) {
      workload.put("questions", spec.prompts() / documents.documents());
    }
    KvSizing kv = spec.kv();
    if (kv == null) {
      return;
    }
    workload.put("kv-bytes-per-token", kv.bytesPerToken());
    switch (kv.target()) {
      case null -> {}
      case KvSizing.Bytes bytes ->
          workload.put("kv-bytes", bytes.sizes().stream().map(KvSizing.Size::text).toList());
      case KvSizing.WorkingSet set -> put(spec.source(), set, workload);
    }
  }

  private static void put(Source source, KvSizing.WorkingSet set, Map<String, Object> workload) {
    Map<String, Object> section = new LinkedHashMap<>();
    section.put("of", set.of().text());
    section.put("times", set.times().stream().map(PlanText::number).toList());
    workload.put("working-set", section);
    boolean documents = source instanceof Source.LongDocuments;
    if (set.lengths()) {
      workload.remove(documents ? "document-tokens" : "prefix-tokens");
    } else {
      workload.remove(documents ? "documents" : "prefix-groups");
    }
    if (source instanceof Source.Synthetic synthetic) {
      workload.remove("input-tokens");
      int prefix = synthetic.prefixTokens();
      workload.put("suffix-tokens", synthetic.inputTokens().plus(-prefix).text());
      if (set.promptsPerGroup() != null) {
        workload.put("prompts-per-group", set.promptsPerGroup());
      }
    }
  }
}
