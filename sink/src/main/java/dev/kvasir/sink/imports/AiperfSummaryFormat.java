package dev.kvasir.sink.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** AIPerf's {@code profile_export_aiperf.json}: a statistic block for each metric. */
final class AiperfSummaryFormat {

  private final SourceFile source;

  AiperfSummaryFormat(SourceFile source) {
    this.source = source;
  }

  static boolean recognises(JsonRecord found) {
    return found.has("aiperf_version")
        || found.field("time_to_first_token").has("avg")
        || found.field("request_latency").has("avg");
  }

  RunDraft draft(JsonRecord found, String hash, @Nullable Long position) {
    RunDraft draft = new RunDraft("aiperf", hash, position);
    draft.timeoutNanos = 6L * 3600 * 1_000_000_000;
    draft.startAt = time(found.text("start_time"));
    Long end = time(found.text("end_time"));
    if (draft.startAt != null && end != null) {
      draft.durationSeconds = (end - draft.startAt) / 1e9;
    }
    found.fields().forEach((key, value) -> take(draft, key, value));
    configuration(draft, found.field("input_config"));
    draft.strategy = strategy(found);
    return draft;
  }

  private static void take(RunDraft draft, String key, JsonNode value) {
    if (!value.isObject() || !value.has("unit")) {
      if (value.isValueNode() && !value.isNull()) {
        draft.metadata.put(key, value.asText());
      }
      return;
    }
    String unit = value.path("unit").asText();
    for (Map.Entry<String, JsonNode> statistic : value.properties()) {
      draft.figure(
          key + "." + statistic.getKey(),
          JsonRecord.number(statistic.getValue()),
          statistic.getKey().equals("count") ? "1" : unit,
          "aiperf:" + key);
    }
  }

  private static void configuration(RunDraft draft, JsonNode config) {
    JsonNode endpoint = config.path("endpoint");
    JsonNode models = endpoint.path("model_names");
    draft.model = models.isArray() ? models.path(0).asText("unknown") : models.asText("unknown");
    draft.url = endpoint.path("url").asText(endpoint.path("urls").path(0).asText("unknown"));
    draft.protocol = endpoint.path("type").asText("unknown");
    JsonNode load = config.path("loadgen");
    draft.rate = JsonRecord.number(load.path("request_rate"));
    Double concurrency = JsonRecord.number(load.path("concurrency"));
    draft.concurrency = concurrency == null ? null : (Integer) concurrency.intValue();
    draft.arrivals = load.path("request_rate_mode").asText("poisson");
    Double count = JsonRecord.number(load.path("request_count"));
    draft.planned = count == null ? null : (Long) count.longValue();
    Double seed = JsonRecord.number(config.path("input").path("random_seed"));
    draft.seed = seed == null ? null : (Long) seed.longValue();
  }

  private String strategy(JsonRecord found) {
    String label = found.field("run_info").path("run_label").asText("");
    return label.isEmpty() || label.equals("null") ? source.folder() : label;
  }

  private static @Nullable Long time(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime at =
          text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)$")
              ? OffsetDateTime.parse(text)
              : LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
      return at.toEpochSecond() * 1_000_000_000L + at.getNano();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
