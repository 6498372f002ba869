package dev.kvasir.sink.exports;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryResult;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as vLLM's {@code bench serve --save-result --save-detailed} writes one, with {@code tpots}.
 * Latencies count from when a request was sent, as vLLM's do. A request that failed has 0.0, an
 * empty list and its error, as there.
 */
public final class VllmExport {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 2_000;

  private static final String RUNS =
      """
      SELECT r.run, r.strategy, r.experiment, r.model, r.rate, r.concurrency, r.repeat, r.verdict,
        u.burstiness, u.protocol, u.workload_hash, r.labels, r.parameters, r.seed,
        strftime(coalesce(u.finished_at, u.started_at), '%Y%m%d-%H%M%S') AS date,
        r.n, r.completed, r.failed, r.duration, r.total_input_tokens, r.total_output_tokens,
        r.request_throughput, r.request_goodput, r.output_throughput, r.total_token_throughput,
        r.max_concurrent_requests,
        r.mean_ttft_sent_ms, r.median_ttft_sent_ms, r.std_ttft_sent_ms, r.p99_ttft_sent_ms,
        r.mean_tpot_ms, r.median_tpot_ms, r.std_tpot_ms, r.p99_tpot_ms,
        r.mean_itl_ms, r.median_itl_ms, r.std_itl_ms, r.p99_itl_ms,
        r.ttft_slo_ms, r.tpot_slo_ms
      FROM results r JOIN runs u ON u.run = r.run
      WHERE ($1 = '' OR r.experiment = $1) AND r.verdict IS NOT NULL AND r.verdict <> 'retracted'
      ORDER BY r.run LIMIT $2 OFFSET $3
      """;

  private static final String REQUESTS =
      """
      WITH gap AS (
        SELECT ordinal, list(gap_ns / 1e9 ORDER BY index) FILTER (WHERE gap_ns IS NOT NULL) AS itls
        FROM tokens WHERE run = $1 AND ordinal BETWEEN $2 AND $3 GROUP BY ordinal
      )
      SELECT q.outcome = 'OK' AS ok, q.input_tokens, q.output_tokens,
        coalesce(p.ttft_seconds, q.ttft_sent_ms / 1e3) AS ttft,
        CASE WHEN len(p.itl_seconds) > 0 THEN p.itl_seconds ELSE coalesce(g.itls, []) END AS itls,
        q.tpot_ms / 1e3 AS tpot, q.e2e_sent_ms / 1e3 AS latency, q.queue_ms / 1e3 AS queue,
        q.sent_at_ns, coalesce(q.error, lower(q.outcome)) AS error
      FROM finished_requests q
      LEFT JOIN request_reported p ON p.run = q.run AND p.ordinal = q.ordinal
      LEFT JOIN gap g ON g.ordinal = q.ordinal
      WHERE q.run = $1 AND q.phase = 'MEASURE' AND q.ordinal BETWEEN $2 AND $3
      ORDER BY q.ordinal
      """;

  private static final List<String> STATISTICS = List.of("mean", "median", "std", "p99");
  private static final List<String> RESULTS =
      List.of(
          "total_input_tokens",
          "total_output_tokens",
          "request_throughput",
          "request_goodput",
          "output_throughput",
          "total_token_throughput",
          "max_concurrent_requests");

  private final Queries warehouse;

  /** Exports from a warehouse. */
  public VllmExport(Queries warehouse) {
    this.warehouse = warehouse;
  }

  /** Makes the file of a run. */
  @FunctionalInterface
  public interface Target {
    OutputStream open(String name) throws IOException;
  }

  /**
   * Writes a file for each run.
   *
   * @param experiment only its runs; null for all
   * @param target makes the files
   * @return their names
   */
  public List<String> write(@Nullable String experiment, Target target) throws IOException {
    List<String> names = new ArrayList<>();
    QueryResult page;
    int seen = 0;
    do {
      page = warehouse.query(RUNS, List.of(experiment == null ? "" : experiment, PAGE, seen));
      for (int place = 0; place < page.rows().size(); place++) {
        Map<String, @Nullable Object> run = row(page, place);
        String name = name(run);
        try (OutputStream out = target.open(name)) {
          write(run, out);
        }
        names.add(name);
      }
      seen += page.rows().size();
    } while (page.rows().size() == PAGE);
    return names;
  }

  private static Map<String, @Nullable Object> row(QueryResult result, int place) {
    Map<String, @Nullable Object> row = new HashMap<>();
    for (int column = 0; column < result.columns().size(); column++) {
      row.put(result.columns().get(column).name(), result.rows().get(place).get(column));
    }
    return row;
  }

  /** vLLM's pattern, with the run's number behind it. */
  private static String name(Map<String, @Nullable Object> run) {
    String model = String.valueOf(run.get("model"));
    Object concurrency = run.get("concurrency");
    return "%s-%sqps%s-%s-%s-%s.json"
        .formatted(
            run.get("strategy"),
            rate(run) instanceof Double rate ? PythonNumber.text(rate) : "inf",
            concurrency == null ? "" : "-concurrency" + concurrency,
            model.substring(model.lastIndexOf('/') + 1),
            run.get("date"),
            Long.toString(((Number) run.getOrDefault("run", 0L)).longValue(), Character.MAX_RADIX))
        .replaceAll("[^A-Za-z0-9.=_+-]", "-");
  }

  /** The rate as vLLM writes it: a number or {@code inf}. */
  private static Object rate(Map<String, @Nullable Object> run) {
    return run.get("rate") instanceof Double rate && !rate.isInfinite() ? rate : "inf";
  }

  private void write(Map<String, @Nullable Object> run, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      describe(run, json);
      summarise(run, json);
      detail(run, json);
      json.writeEndObject();
    }
  }

  private static void describe(Map<String, @Nullable Object> run, JsonGenerator json)
      throws IOException {
    json.writePOJOField("date", run.get("date"));
    json.writePOJOField("endpoint_type", run.get("protocol"));
    json.writePOJOField("backend", run.get("protocol"));
    json.writePOJOField("label", run.get("strategy"));
    json.writePOJOField("model_id", run.get("model"));
    json.writePOJOField("tokenizer_id", run.get("model"));
    json.writePOJOField("num_prompts", run.get("n"));
    json.writePOJOField("request_rate", rate(run));
    json.writePOJOField("burstiness", run.getOrDefault("burstiness", 1.0));
    json.writePOJOField("max_concurrency", run.get("concurrency"));
    for (String map : List.of("parameters", "labels")) {
      if (run.get(map) instanceof Map<?, ?> entries) {
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
          json.writeStringField(String.valueOf(entry.getKey()), String.valueOf(entry.getValue()));
        }
      }
    }
    json.writeStringField("kvasir_run", String.valueOf(run.get("run")));
    json.writeStringField("kvasir_experiment", String.valueOf(run.get("experiment")));
    json.writeStringField("kvasir_verdict", String.valueOf(run.get("verdict")));
    json.writeStringField("repeat", String.valueOf(run.get("repeat")));
    json.writeStringField("workload_hash", String.valueOf(run.get("workload_hash")));
  }

  private static void summarise(Map<String, @Nullable Object> run, JsonGenerator json)
      throws IOException {
    json.writePOJOField("duration", run.get("duration"));
    json.writePOJOField("completed", run.get("completed"));
    json.writePOJOField("failed", run.get("failed"));
    for (String result : RESULTS) {
      boolean withoutSlo = run.get("ttft_slo_ms") == null && run.get("tpot_slo_ms") == null;
      json.writePOJOField(
          result, result.equals("request_goodput") && withoutSlo ? null : run.get(result));
    }
    for (String metric : List.of("ttft", "tpot", "itl")) {
      String column = metric.equals("ttft") ? "ttft_sent" : metric;
      for (String statistic : STATISTICS) {
        Object value = run.get("%s_%s_ms".formatted(statistic, column));
        json.writePOJOField("%s_%s_ms".formatted(statistic, metric), value == null ? 0.0 : value);
      }
    }
  }

  private void detail(Map<String, @Nullable Object> run, JsonGenerator json) throws IOException {
    List<Map<String, @Nullable Object>> requests = requests(run);
    if (requests.isEmpty()) {
      return;
    }
    long origin = Long.MAX_VALUE;
    for (Map<String, @Nullable Object> request : requests) {
      origin =
          request.get("sent_at_ns") instanceof Number at
              ? Math.min(origin, at.longValue())
              : origin;
    }
    array(json, "input_lens", requests, request -> orZero(request.get("input_tokens"), 0));
    array(
        json, "output_lens", requests, r -> ok(r) ? orZero(r.get("output_tokens"), 0) : (Object) 0);
    array(json, "ttfts", requests, request -> orZero(request.get("ttft"), 0.0));
    array(json, "itls", requests, request -> request.get("itls"));
    array(json, "tpots", requests, r -> ok(r) ? orZero(r.get("tpot"), 0.0) : (Object) 0.0);
    array(json, "latencies", requests, request -> orZero(request.get("latency"), 0.0));
    if (requests.stream().anyMatch(request -> request.get("queue") != null)) {
      array(json, "queue_times", requests, request -> orZero(request.get("queue"), 0.0));
    }
    long first = origin;
    array(
        json,
        "start_times",
        requests,
        r -> r.get("sent_at_ns") instanceof Number at ? (at.longValue() - first) / 1e9 : null);
    array(json, "generated_texts", requests, request -> "");
    array(json, "errors", requests, request -> ok(request) ? "" : request.get("error"));
  }

  private static boolean ok(Map<String, @Nullable Object> request) {
    return Boolean.TRUE.equals(request.get("ok"));
  }

  private static Object orZero(@Nullable Object value, Object zero) {
    return value == null ? zero : value;
  }

  /** What one array holds of a request. */
  @FunctionalInterface
  private interface Value {
    @Nullable Object of(Map<String, @Nullable Object> request);
  }

  private static void array(
      JsonGenerator json, String name, List<Map<String, @Nullable Object>> requests, Value value)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Map<String, @Nullable Object> request : requests) {
      json.writePOJO(value.of(request));
    }
    json.writeEndArray();
  }

  private List<Map<String, @Nullable Object>> requests(Map<String, @Nullable Object> run) {
    List<Map<String, @Nullable Object>> all = new ArrayList<>();
    long number = run.get("run") instanceof Number found ? found.longValue() : 0;
    long last = last(number);
    for (long from = 0; from <= last; from += PAGE) {
      QueryResult page = warehouse.query(REQUESTS, List.of(number, from, from + PAGE - 1));
      for (int place = 0; place < page.rows().size(); place++) {
        all.add(row(page, place));
      }
    }
    return all;
  }

  private long last(long run) {
    Object last =
        warehouse
            .query("SELECT max(ordinal) AS last FROM request_finished WHERE run = $1", List.of(run))
            .column("last")
            .getFirst();
    return last instanceof Number number ? number.longValue() : -1;
  }
}
