package dev.kvasir.sink.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines of AIPerf's {@code profile_export.jsonl}: a request each, together one run. */
final class AiperfRecords {

  /** A line's request and when it began, epoch nanoseconds. */
  private record Timed(long startAt, ImportedRequest request) {}

  private final SourceFile source;
  private final List<Timed> found = new ArrayList<>();
  private final Map<String, Integer> sessions = new HashMap<>();

  AiperfRecords(SourceFile source) {
    this.source = source;
  }

  static boolean recognises(JsonRecord line) {
    return line.field("metadata").has("request_start_ns") && line.has("metrics");
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  void add(JsonRecord line) {
    JsonNode metadata = line.field("metadata");
    JsonNode metrics = line.field("metrics");
    JsonNode error = line.field("error");
    boolean cancelled = metadata.path("was_cancelled").asBoolean();
    long startAt = metadata.path("request_start_ns").asLong();
    Double end = JsonRecord.number(metadata.path("request_end_ns"));
    Double latency = seconds(metrics, "request_latency");
    boolean warmUp = metadata.path("benchmark_phase").asText().startsWith("warm");
    found.add(
        new Timed(
            startAt,
            new ImportedRequest(
                0,
                warmUp ? Phase.WARM_UP : Phase.MEASURE,
                1,
                0,
                outcome(error, cancelled),
                error.isObject() ? error.path("message").asText(error.toString()) : null,
                status(error),
                seconds(metrics, "time_to_first_token"),
                gaps(metrics.path("inter_chunk_latency")),
                latency == null && end != null ? (Double) ((end - startAt) / 1e9) : latency,
                null,
                seconds(metrics, "inter_token_latency"),
                count(metrics, "input_sequence_length"),
                count(metrics, "output_sequence_length"),
                count(metrics, "usage_prompt_cache_read_tokens"),
                null,
                session(metadata),
                metadata.has("turn_index")
                    ? (Integer) metadata.path("turn_index").asInt()
                    : null)));
  }

  private @Nullable Integer session(JsonNode metadata) {
    String conversation = metadata.path("conversation_id").asText("");
    return conversation.isEmpty()
        ? null
        : sessions.computeIfAbsent(conversation, absent -> sessions.size());
  }

  private static Outcome outcome(JsonNode error, boolean cancelled) {
    if (cancelled) {
      return Outcome.ABORTED;
    }
    if (!error.isObject()) {
      return Outcome.OK;
    }
    String kind =
        (error.path("type").asText() + error.path("message").asText()).toLowerCase(Locale.ROOT);
    if (kind.contains("timeout")) {
      return Outcome.TIMEOUT;
    }
    return error.path("code").asInt() >= 300
        ? Outcome.HTTP_ERROR
        : kind.contains("connect") ? Outcome.CONNECTION_FAILED : Outcome.SERVER_ERROR;
  }

  private static @Nullable Integer status(JsonNode error) {
    if (!error.isObject()) {
      return 200;
    }
    return error.path("code").isInt() ? (Integer) error.path("code").asInt() : null;
  }

  private static @Nullable Double seconds(JsonNode metrics, String tag) {
    JsonNode metric = metrics.path(tag);
    Double value = JsonRecord.number(metric.path("value"));
    return value == null ? null : (Double) (value / perSecond(metric.path("unit").asText("ms")));
  }

  private static double perSecond(String unit) {
    return switch (unit) {
      case "ns" -> 1e9;
      case "us" -> 1e6;
      case "sec", "s" -> 1;
      default -> 1e3;
    };
  }

  private static double[] gaps(JsonNode metric) {
    JsonNode values = metric.path("value");
    double scale = perSecond(metric.path("unit").asText("ms"));
    double[] gaps = new double[values.size()];
    for (int place = 0; place < gaps.length; place++) {
      gaps[place] = values.get(place).asDouble() / scale;
    }
    return gaps;
  }

  private static @Nullable Integer count(JsonNode metrics, String tag) {
    Double value = JsonRecord.number(metrics.path(tag).path("value"));
    return value == null ? null : (Integer) value.intValue();
  }

  /** The run of every line. */
  RunDraft draft() {
    found.sort(Comparator.comparingLong(Timed::startAt));
    RunDraft draft = new RunDraft("aiperf-records", source.sha256(), null);
    draft.timeoutNanos = 6L * 3600 * 1_000_000_000;
    draft.strategy = source.folder();
    draft.experiment = source.outerFolder();
    long origin =
        found.stream()
            .filter(each -> each.request().phase() == Phase.MEASURE)
            .mapToLong(Timed::startAt)
            .min()
            .orElse(found.getFirst().startAt());
    draft.startAt = origin;
    int measured = 0;
    int warmUp = 0;
    for (Timed each : found) {
      boolean isWarmUp = each.request().phase() == Phase.WARM_UP;
      int ordinal = isWarmUp ? --warmUp : measured++;
      draft.requests.add(
          each.request().at(ordinal, each.request().phase(), 1, each.startAt() - origin));
    }
    draft.planned = (long) measured;
    return draft;
  }
}
