package dev.kvasir.sink.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Benchmarks of GuideLLM's reports, with and without requests, of schema versions 1 and 2. */
final class GuideLlmFormat {

  private static final String[] GROUPS = {"successful", "incomplete", "errored", "total"};
  private static final String[] STATISTICS = {
    "mean", "median", "std_dev", "min", "max", "count", "total_sum"
  };

  private final SourceFile source;

  GuideLlmFormat(SourceFile source) {
    this.source = source;
  }

  /**
   * One benchmark as a run.
   *
   * @param report what stands before the benchmarks
   * @param index place of the benchmark in the report, from 0
   */
  RunDraft draft(JsonRecord report, int index, JsonNode benchmark) {
    boolean second = report.field("metadata").path("version").asInt(1) >= 2;
    String version = second ? "guidellm-v2" : "guidellm-v1";
    RunDraft draft = new RunDraft(version, Hash.hex(benchmark.toString()), (long) index);
    JsonNode config = benchmark.path(second ? "config" : "args");
    describe(draft, report, config, benchmark);
    load(draft, config.path("strategy"));
    counts(draft, benchmark);
    benchmark
        .path("metrics")
        .properties()
        .forEach(metric -> figures(draft, metric.getKey(), metric.getValue()));
    requests(draft, benchmark.path("requests"));
    draft.strategy = strategy(draft.model);
    return draft;
  }

  private static void describe(
      RunDraft draft, JsonRecord report, JsonNode config, JsonNode benchmark) {
    JsonNode backend =
        first(config.path("backend"), report.field("config").path("spec").path("backend"));
    JsonNode worker = benchmark.path("worker");
    draft.model = backend.path("model").asText(worker.path("backend_model").asText("unknown"));
    draft.url = backend.path("target").asText(worker.path("backend_target").asText("unknown"));
    draft.protocol =
        backend.path("request_format").asText(worker.path("backend_type").asText("unknown"));
    JsonNode loader = benchmark.path("request_loader");
    JsonNode data = report.field("config").path("spec").path("data").path(0);
    draft.workload = data.path("kind").asText(loader.isMissingNode() ? "unknown" : "synthetic");
    String text = loader.path("data").asText(data.isMissingNode() ? "" : data.toString());
    if (!text.isEmpty()) {
      draft.metadata.put("data", text);
      draft.workloadHash = "data-" + Hash.hex(text).substring(0, 16);
    }
    draft.timeoutNanos =
        Math.round(worker.path("backend_info").path("timeout").asDouble(300) * 1e9);
    Double start = JsonRecord.number(benchmark.path("start_time"));
    draft.startAt = start == null ? null : (Long) Math.round(start * 1e9);
    draft.durationSeconds = JsonRecord.number(benchmark.path("duration"));
    draft.figure("duration", draft.durationSeconds, "s", "guidellm:duration");
    JsonNode profile = config.path("profile");
    put(draft.metadata, "profile", profile.path("type_").asText(profile.path("kind").asText("")));
    put(
        draft.metadata,
        "guidellm_version",
        report.field("metadata").path("guidellm_version").asText(""));
    put(draft.metadata, "max_duration", config.path("max_duration").asText(""));
    report
        .field("config")
        .path("metadata")
        .path("labels")
        .properties()
        .forEach(label -> draft.declare(label.getKey(), label.getValue().asText()));
  }

  private static JsonNode first(JsonNode one, JsonNode other) {
    return one.isMissingNode() || one.isNull() ? other : one;
  }

  private static void put(Map<String, String> metadata, String key, String value) {
    if (!value.isEmpty() && !value.equals("null")) {
      metadata.put(key, value);
    }
  }

  private static void load(RunDraft draft, JsonNode strategy) {
    String kind = strategy.path("type_").asText("unknown");
    draft.metadata.put("load", kind);
    switch (kind) {
      case "synchronous" -> draft.concurrency = 1;
      case "concurrent" ->
          draft.concurrency =
              strategy.path("streams").asInt(strategy.path("max_concurrency").asInt(1));
      case "throughput" -> {
        draft.rate = Double.POSITIVE_INFINITY;
        Double cap = JsonRecord.number(strategy.path("max_concurrency"));
        draft.metadata.put("max_concurrency", cap == null ? "none" : cap.toString());
      }
      default -> {
        draft.rate = JsonRecord.number(strategy.path("rate"));
        draft.arrivals = kind.equals("constant") ? "constant" : "poisson";
      }
    }
  }

  private static void counts(RunDraft draft, JsonNode benchmark) {
    JsonNode totals =
        first(benchmark.path("request_totals"), benchmark.path("metrics").path("request_totals"));
    for (String group : GROUPS) {
      draft.figure(
          "request_totals." + group,
          JsonRecord.number(totals.path(group)),
          "requests",
          "guidellm:request_totals");
    }
    long total = totals.path("total").asLong();
    long incomplete = totals.path("incomplete").asLong();
    draft.planned = total > 0 ? (Long) total : null;
    if (incomplete > 0) {
      draft.reasons.add(
          String.format(
              Locale.ROOT,
              "%,d of %,d requests were cut at the time limit; the figures are over the others",
              incomplete,
              total));
    }
  }

  private static void figures(RunDraft draft, String metric, JsonNode groups) {
    for (String group : GROUPS) {
      JsonNode found = groups.path(group);
      if (!found.isObject() || found.path("count").asLong() == 0) {
        continue;
      }
      String prefix = metric + "." + group + ".";
      String definition = "guidellm:" + metric;
      for (String statistic : STATISTICS) {
        draft.figure(
            prefix + statistic,
            JsonRecord.number(found.path(statistic)),
            statistic.equals("count") ? "1" : unit(metric),
            definition);
      }
      found
          .path("percentiles")
          .properties()
          .forEach(each ->
              draft.figure(
                  prefix + each.getKey(),
                  JsonRecord.number(each.getValue()),
                  unit(metric),
                  definition));
    }
  }

  private static String unit(String metric) {
    if (metric.endsWith("_ms")) {
      return "ms";
    }
    if (metric.equals("request_latency")) {
      return "s";
    }
    if (metric.endsWith("_per_second")) {
      return metric.startsWith("requests") ? "requests/s" : "tokens/s";
    }
    return metric.endsWith("_token_count") ? "tokens" : "1";
  }

  /** The file's name without what every strategy's name shares. */
  private String strategy(String model) {
    String name = model.substring(model.lastIndexOf('/') + 1);
    String left =
        source
            .stem()
            .replace(name, "")
            .replaceAll("(?i)^(benchmarks?|guidellm)(?=$|[-_.])", "")
            .replaceAll("[-_.]{2,}", "-")
            .replaceAll("^[-_.]+|[-_.]+$", "");
    return left.isEmpty() ? "unknown" : left;
  }

  private static void requests(RunDraft draft, JsonNode groups) {
    List<JsonNode> found = new ArrayList<>();
    List<Outcome> outcomes = new ArrayList<>();
    for (String group : GROUPS) {
      Outcome outcome =
          switch (group) {
            case "successful" -> Outcome.OK;
            case "incomplete" -> Outcome.ABORTED;
            default -> Outcome.SERVER_ERROR;
          };
      JsonNode items = groups.path(group);
      if (items.isArray()) {
        items.forEach(item -> {
          found.add(item);
          outcomes.add(outcome);
        });
      }
    }
    Double start =
        found.stream()
            .map(GuideLlmFormat::start)
            .filter(t -> t != null)
            .min(Double::compare)
            .orElse(null);
    if (start == null) {
      return;
    }
    draft.startAt = Math.round(start * 1e9);
    List<Integer> order = new ArrayList<>();
    for (int place = 0; place < found.size(); place++) {
      order.add(place);
    }
    order.sort(java.util.Comparator.comparingDouble(place -> startOr(found.get(place), start)));
    for (int place : order) {
      draft.requests.add(
          request(draft.requests.size(), found.get(place), outcomes.get(place), start));
    }
  }

  private static double startOr(JsonNode item, double otherwise) {
    Double start = start(item);
    return start == null ? otherwise : start;
  }

  private static @Nullable Double start(JsonNode item) {
    Double timed = JsonRecord.number(timings(item).path("request_start"));
    return timed != null ? timed : JsonRecord.number(item.path("start_time"));
  }

  private static JsonNode timings(JsonNode item) {
    return item.path("info").path("timings");
  }

  private static ImportedRequest request(
      int ordinal, JsonNode item, Outcome outcome, double origin) {
    JsonNode timings = timings(item);
    double start = startOr(item, origin);
    Double first =
        since(start, timings.path("first_token_iteration"), item.path("first_token_time"));
    Double end = since(start, timings.path("request_end"), item.path("end_time"));
    Double last = since(start, timings.path("last_token_iteration"), item.path("last_token_time"));
    Integer output =
        count(item.path("output_metrics").path("text_tokens"), item.path("output_tokens"));
    return new ImportedRequest(
        ordinal,
        Phase.MEASURE,
        1,
        Math.round((start - origin) * 1e9),
        outcome,
        outcome == Outcome.OK ? null : item.path("error").asText(outcome.toString()),
        outcome == Outcome.OK ? (Integer) 200 : null,
        first,
        ImportedRequest.NONE,
        last == null ? end : last,
        null,
        null,
        count(item.path("input_metrics").path("text_tokens"), item.path("prompt_tokens")),
        output,
        null,
        item.path("output").isTextual() ? (Long) Hash.first64(item.path("output").asText()) : null,
        null,
        null);
  }

  private static @Nullable Double since(double start, JsonNode one, JsonNode other) {
    Double at = JsonRecord.number(one);
    Double time = at == null ? JsonRecord.number(other) : at;
    return time == null ? null : (Double) (time - start);
  }

  private static @Nullable Integer count(JsonNode one, JsonNode other) {
    Double count = JsonRecord.number(one);
    Double tokens = count == null ? JsonRecord.number(other) : count;
    return tokens == null ? null : (Integer) tokens.intValue();
  }
}
