package dev.kvasir.sink.imports;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Results of vLLM's {@code bench serve} and {@code benchmark_serving.py}, of every version, with
 * what the campaigns and the prefill/decode scripts put around them: names of files and folders.
 */
final class VllmFormat {

  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final Pattern RATE_IN_NAME = Pattern.compile("(\\d+(?:\\.\\d+)?|inf)qps");
  private static final Pattern LABEL_IN_NAME = Pattern.compile("(.+?)-(\\d+(?:\\.\\d+)?|inf)qps.*");
  private static final Pattern SCRIPT_FOLDER = Pattern.compile("(.+)_\\d{8}_\\d{6}");
  private static final Pattern FIGURE =
      Pattern.compile(
          "((mean|median|std|max|p\\d+(\\.\\d+)?)_\\w+_ms)|\\w*throughput|request_goodput:?|duration"
              + "|completed|failed|num_prompts|total_\\w+|max_output_tokens_per_s"
              + "|max_concurrent_requests|rtfx|spec_decode_\\w+|diffusion_\\w+|probe_\\w+"
              + "|concurrency|accept_length");

  /** Keys that describe a run and are no remark of a person. */
  private static final Set<String> DESCRIPTION =
      Set.of(
          "date",
          "backend",
          "endpoint_type",
          "label",
          "model_id",
          "model_name",
          "model",
          "tokenizer_id",
          "request_rate",
          "burstiness",
          "max_concurrency");

  private static final Map<String, String> LABELS =
      Map.of(
          "kv_connector", "connector",
          "prefix_caching", "prefix_caching",
          "gpu_memory_utilization", "gpu_memory_utilization",
          "bandwidth", "bandwidth",
          "chunksize", "chunk_tokens",
          "direction", "traffic_direction");

  private static final Set<String> PARAMETERS =
      Set.of("input_len", "output_len", "random_input_len", "random_output_len", "config_suffix");

  private static final long SIX_HOURS_NANOS = 6L * 3600 * 1_000_000_000;

  private final SourceFile source;

  VllmFormat(SourceFile source) {
    this.source = source;
  }

  static boolean recognises(JsonRecord found) {
    return found.has("ttfts")
        || found.has("mean_ttft_ms")
        || found.has("request_throughput")
        || found.has("mean_e2el_ms");
  }

  /** Whether the record is of the requests before the first measured ones. */
  static boolean isWarmUp(JsonRecord found) {
    return "warmup".equals(found.text("type"));
  }

  RunDraft draft(JsonRecord found, String hash, @Nullable Long position) {
    RunDraft draft = new RunDraft("vllm", hash, position);
    draft.timeoutNanos = SIX_HOURS_NANOS;
    draft.engine = engine(found.text("backend"));
    describe(draft, found, "vllm");
    draft.startAt = start(found, draft.durationSeconds);
    name(draft, found);
    return draft;
  }

  /** What vLLM's records and those of tools that descend from it have in common. */
  void describe(RunDraft draft, JsonRecord found, String tool) {
    found.fields().forEach((key, value) -> take(draft, key, value, tool));
    draft.model = firstOf(found, "model_id", "model_name", "model", "unknown");
    draft.protocol = firstOf(found, "endpoint_type", "backend", "backend", "unknown");
    draft.workload = firstOf(found, "dataset_name", "dataset_name", "dataset_name", "unknown");
    load(draft, found);
    Double duration = found.number("duration");
    draft.durationSeconds = duration;
    Double prompts = found.number("num_prompts");
    int arrays = Math.max(found.length("ttfts"), found.length("input_lens"));
    draft.planned =
        prompts != null ? (Long) prompts.longValue() : arrays > 0 ? (Long) (long) arrays : null;
    Double seed = found.number("seed");
    draft.seed = seed == null ? null : (Long) seed.longValue();
    new VllmRequests(found).addTo(draft);
  }

  private static void take(RunDraft draft, String key, JsonNode value, String tool) {
    if (value.isNull()) {
      return;
    }
    Double number = value.isNumber() ? (Double) value.doubleValue() : null;
    if (number != null && FIGURE.matcher(key).matches()) {
      String name = key.endsWith(":") ? key.substring(0, key.length() - 1) : key;
      draft.figure(name, number, unit(name), tool + ":" + definition(name));
      return;
    }
    draft.metadata.put(key, value.isTextual() ? value.asText() : value.toString());
    if (DESCRIPTION.contains(key)) {
      return;
    }
    if (PARAMETERS.contains(key)) {
      draft.parameters.put(key, value.asText());
    }
    String label = LABELS.get(key);
    if (label != null) {
      draft.declare(label, value.asText());
    }
  }

  /** The statistic's own name taken away: {@code p99_ttft_ms} is about {@code ttft}. */
  private static String definition(String metric) {
    return metric.replaceFirst("^(mean|median|std|max|p\\d+(\\.\\d+)?)_(\\w+)_ms$", "$3");
  }

  static String unit(String metric) {
    if (metric.endsWith("_ms")) {
      return "ms";
    }
    if (metric.equals("duration")) {
      return "s";
    }
    if (metric.endsWith("throughput") || metric.equals("request_goodput")) {
      return metric.startsWith("request") ? "requests/s" : "tokens/s";
    }
    if (metric.equals("max_output_tokens_per_s")) {
      return "tokens/s";
    }
    return metric.startsWith("total_") ? "tokens" : "1";
  }

  private static String firstOf(
      JsonRecord found, String one, String other, String third, String otherwise) {
    for (String each : new String[] {one, other, third}) {
      String text = found.text(each);
      if (text != null) {
        return text;
      }
    }
    return otherwise;
  }

  private void load(RunDraft draft, JsonRecord found) {
    Double written = found.number("request_rate");
    Double named = rateInName();
    draft.rate = isScriptFolder() && named != null ? named : written == null ? named : written;
    draft.burstiness = found.number("burstiness");
    Double cap = found.number("max_concurrency");
    draft.concurrency = cap == null ? null : (Integer) cap.intValue();
  }

  private @Nullable Double rateInName() {
    Matcher rate = RATE_IN_NAME.matcher(source.name());
    if (!rate.find()) {
      return null;
    }
    return rate.group(1).equals("inf")
        ? (Double) Double.POSITIVE_INFINITY
        : Double.valueOf(rate.group(1));
  }

  private boolean isScriptFolder() {
    return SCRIPT_FOLDER.matcher(source.folder()).matches();
  }

  private void name(RunDraft draft, JsonRecord found) {
    topology(draft, found);
    if (isScriptFolder()) {
      draft.experiment = source.outerFolder();
      draft.strategy = source.folder().replaceFirst("_\\d{8}_\\d{6}$", "");
      return;
    }
    String cache = found.text("kvcache");
    CacheName name = cache != null ? CacheName.of(cache) : CacheName.ofFile(source.name());
    if (name != null) {
      campaign(draft, found, name);
      return;
    }
    draft.strategy = strategyInName(found);
  }

  private String strategyInName(JsonRecord found) {
    String label = found.text("label");
    if (label != null) {
      return label;
    }
    String connector = found.text("kv_connector");
    if (connector != null) {
      return connector;
    }
    Matcher name = LABEL_IN_NAME.matcher(source.name());
    if (name.matches()) {
      return name.group(1);
    }
    return firstOf(found, "backend", "endpoint_type", "backend", "unknown");
  }

  private static void topology(RunDraft draft, JsonRecord found) {
    Double prefill = found.number("num_prefill_instances");
    Double decode = found.number("num_decode_instances");
    if (prefill != null && decode != null && prefill + decode > 0) {
      draft.declare(
          "topology", "pd_disagg(%dP%dD)".formatted(prefill.intValue(), decode.intValue()));
    }
  }

  /** Iterations play the same prompts again: the first one is cold, the later ones are warm. */
  private void campaign(RunDraft draft, JsonRecord found, CacheName name) {
    boolean arcc = arcc(draft, found);
    draft.strategy = name.strategy(arcc);
    draft.metadata.put("kvcache", name.name());
    draft.declare("medium", name.medium());
    draft.declare("bandwidth", name.bandwidth());
    Double iteration = found.number("iteration");
    if (iteration != null) {
      draft.repeat = iteration.intValue();
      draft.derived.put("cache_state", iteration <= 1 ? "cold" : "warm");
    }
  }

  /** The record's own word counts; only a record without one is told by its file's name. */
  private boolean arcc(RunDraft draft, JsonRecord found) {
    String said = found.text("arcc");
    boolean on =
        said == null ? source.name().contains("arcc") : said.matches("(?i)on|y|yes|true|1");
    if (said != null || on) {
      draft.declare("arcc", on ? "on" : "off");
    }
    return on;
  }

  /** vLLM writes the date when the run has ended, in a zone that it does not name. */
  private static @Nullable Long start(JsonRecord found, @Nullable Double duration) {
    String date = found.text("date");
    if (date == null) {
      return null;
    }
    try {
      long seconds = LocalDateTime.parse(date, DATE).toEpochSecond(ZoneOffset.UTC);
      double length = duration == null ? 0 : duration;
      return seconds * 1_000_000_000L - Math.round(length * 1e9);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable String engine(@Nullable String backend) {
    return backend != null && backend.startsWith("vllm") ? "vllm" : null;
  }
}
