package dev.kvasir.sink.imports;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Lines of SGLang's {@code bench_serving}. */
final class SglangFormat {

  private final SourceFile source;

  SglangFormat(SourceFile source) {
    this.source = source;
  }

  static boolean recognises(JsonRecord found) {
    return found.has("mean_e2e_latency_ms")
        || found.has("total_output_tokens_retokenized")
        || found.has("total_throughput");
  }

  RunDraft draft(JsonRecord found, String hash, @Nullable Long position) {
    RunDraft draft = new RunDraft("sglang", hash, position);
    draft.timeoutNanos = 6L * 3600 * 1_000_000_000;
    new VllmFormat(source).describe(draft, found, "sglang");
    String backend = found.text("backend");
    draft.engine = backend != null && backend.startsWith("sglang") ? "sglang" : null;
    String tag = found.text("tag");
    draft.strategy = tag != null ? tag : backend == null ? "unknown" : backend;
    JsonNode server = found.field("server_info");
    if (server.isObject()) {
      draft.model = server.path("model_path").asText(draft.model);
      draft.engineVersion = server.path("version").asText(null);
    }
    JsonNode caches = found.field("cache_report");
    caches
        .properties()
        .forEach(each ->
            draft.figure(
                "cache_report." + each.getKey(),
                JsonRecord.number(each.getValue()),
                each.getKey().endsWith("_pct") ? "%" : "tokens",
                "sglang:" + each.getKey()));
    return draft;
  }
}
