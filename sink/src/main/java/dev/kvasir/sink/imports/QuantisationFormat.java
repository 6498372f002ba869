package dev.kvasir.sink.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report of a test suite that measures whole answers: the latency of one-token answers by
 * prompt length, called TTFT, and bursts by concurrency. Each row is a run.
 */
final class QuantisationFormat {

  private final SourceFile source;

  QuantisationFormat(SourceFile source) {
    this.source = source;
  }

  static boolean recognises(JsonRecord found) {
    return found.field("ttft").path(0).has("avg_ttft_ms")
        || found.field("throughput").path(0).has("throughput_req_per_sec");
  }

  List<RunDraft> drafts(JsonRecord found, String hash) {
    List<RunDraft> drafts = new ArrayList<>();
    for (JsonNode row : found.field("ttft")) {
      drafts.add(firstToken(found, hash, drafts.size(), row));
    }
    for (JsonNode row : found.field("throughput")) {
      drafts.add(burst(found, hash, drafts.size(), row));
    }
    Plausibility.judgeSweep(drafts);
    return drafts;
  }

  private RunDraft draft(JsonRecord found, String hash, int place) {
    RunDraft draft =
        new RunDraft("quantisation-report", Hash.hex(hash + "#" + place), (long) place);
    draft.timeoutNanos = 6L * 3600 * 1_000_000_000;
    String model = found.text("model");
    draft.model = model == null ? "unknown" : model;
    draft.engine = "sglang";
    draft.strategy = source.stem().replaceFirst("^test_results_", "");
    String time = found.text("timestamp");
    draft.startAt = time(time);
    if (time != null) {
      draft.metadata.put("timestamp", time);
    }
    draft.protocol = "sglang-generate";
    return draft;
  }

  private RunDraft firstToken(JsonRecord found, String hash, int place, JsonNode row) {
    RunDraft draft = draft(found, hash, place);
    draft.concurrency = 1;
    draft.parameters.put("input_len", row.path("prompt_length").asText());
    draft.derived.put("phase_measured", "prefill_only");
    String definition = "quantisation-report:whole latency of a one-token answer";
    draft.figure("avg_ttft_ms", JsonRecord.number(row.path("avg_ttft_ms")), "ms", definition);
    draft.figure("min_ms", JsonRecord.number(row.path("min_ms")), "ms", definition);
    draft.figure("max_ms", JsonRecord.number(row.path("max_ms")), "ms", definition);
    return draft;
  }

  private RunDraft burst(JsonRecord found, String hash, int place, JsonNode row) {
    RunDraft draft = draft(found, hash, place);
    draft.concurrency = row.path("concurrency").asInt(1);
    draft.parameters.put("test", "burst");
    draft.figure(
        "throughput_req_per_sec",
        JsonRecord.number(row.path("throughput_req_per_sec")),
        "requests/s",
        "quantisation-report:one burst");
    draft.figure(
        "avg_latency_ms",
        JsonRecord.number(row.path("avg_latency_ms")),
        "ms",
        "quantisation-report:whole latency");
    draft.figure(
        "success_rate",
        JsonRecord.number(row.path("success_rate")),
        "1",
        "quantisation-report:bodies that are JSON, whatever the status");
    return draft;
  }

  private static @Nullable Long time(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      Instant at = LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
      return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
