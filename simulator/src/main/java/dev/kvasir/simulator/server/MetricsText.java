package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.EngineState;
import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.engine.TierState;
import java.util.function.ToDoubleFunction;

/** Prometheus' text format, under vLLM's and DCGM's names where they have the figure. */
final class MetricsText {
  private static final double MEBIBYTE = 0x1p20;

  private final StringBuilder text = new StringBuilder(16_384);
  private final String model;

  private MetricsText(String model) {
    this.model = label(model);
  }

  static String of(
      String model, Profile profile, EngineState state, ServerLedger ledger, double busyShare) {
    MetricsText metrics = new MetricsText(model);
    metrics.queues(state);
    metrics.tokens(state);
    metrics.tiers(state);
    metrics.steps(state);
    metrics.gpu(profile, busyShare);
    metrics.requests(ledger);
    metrics.times(ledger.times());
    metrics.configuration(profile);
    return metrics.text.toString();
  }

  private void queues(EngineState state) {
    gauge("vllm:num_requests_running", "Requests that are computed.", state.running());
    gauge("vllm:num_requests_waiting", "Requests in the queue, or loading KV.", state.waiting());
    gauge(
        "vllm:kv_cache_usage_perc",
        "Share of KV blocks that requests hold, 0 to 1.",
        (double) state.heldBlocks() / state.blocks());
    counter(
        "vllm:num_preemptions_total",
        "Times that a running request was sent back to the queue.",
        state.preemptions());
  }

  private void tokens(EngineState state) {
    counter(
        "vllm:prefix_cache_queries_total",
        "Prompt tokens looked up in GPU memory.",
        state.prefixQueries());
    counter(
        "vllm:prefix_cache_hits_total", "Prompt tokens found in GPU memory.", state.prefixHits());
    counter(
        "vllm:external_prefix_cache_queries_total",
        "Prompt tokens looked up in the tiers below.",
        state.tierQueries());
    counter(
        "vllm:external_prefix_cache_hits_total",
        "Prompt tokens found in the tiers below.",
        state.tierHits());
    counter(
        "vllm:prompt_tokens_total",
        "Prompt tokens of requests that produced a token.",
        state.promptTokens());
    String source = "vllm:prompt_tokens_by_source_total";
    head(source, "counter", "Those tokens, by where their KV came from.");
    long external = state.tierHits() + state.transferredPromptTokens();
    sample(source, ",source=\"local_compute\"", state.computedPromptTokens());
    sample(source, ",source=\"local_cache_hit\"", state.prefixHits());
    sample(source, ",source=\"external_kv_transfer\"", external);
    counter(
        "vllm:prompt_tokens_cached_total",
        "Prompt tokens that were found.",
        state.prefixHits() + state.tierHits());
    counter("vllm:generation_tokens_total", "Tokens produced.", state.generatedTokens());
  }

  private void tiers(EngineState state) {
    total(state, "load_bytes", "Bytes of KV loaded.", TierState::readBytes);
    total(state, "load_time", "Seconds of loading.", tier -> tier.readNanos() / 1e9);
    total(state, "store_bytes", "Bytes of KV stored.", TierState::writtenBytes);
    total(state, "store_time", "Seconds of storing.", tier -> tier.writeNanos() / 1e9);
    if (state.tiers().isEmpty()) {
      return;
    }
    each(state, "used_bytes", "gauge", "Bytes that a tier holds.", TierState::usedBytes);
    each(state, "capacity_bytes", "gauge", "Bytes that a tier can hold.", TierState::capacityBytes);
    each(state, "hit_tokens_total", "counter", "Prompt tokens found there.", TierState::hitTokens);
    each(state, "evictions_total", "counter", "Chunks that had to go.", TierState::evictions);
    each(state, "read_bytes_total", "counter", "Bytes read.", TierState::readBytes);
    each(state, "written_bytes_total", "counter", "Bytes written.", TierState::writtenBytes);
  }

  private void total(EngineState state, String name, String help, ToDoubleFunction<TierState> of) {
    counter(
        "vllm:kv_offload_" + name + "_total", help, state.tiers().stream().mapToDouble(of).sum());
  }

  private void each(
      EngineState state, String name, String type, String help, ToDoubleFunction<TierState> of) {
    String full = "kvasir:tier_" + name;
    head(full, type, help);
    for (TierState tier : state.tiers()) {
      sample(full, ",tier=\"" + tier.name() + "\"", of.applyAsDouble(tier));
    }
  }

  private void steps(EngineState state) {
    counter("kvasir:steps_total", "Steps of the engine.", state.steps());
    String name = "kvasir:step_seconds_total";
    head(name, "counter", "Time of steps, by what it went to.");
    sample(name, ",part=\"attention\"", state.attentionNanos() / 1e9);
    sample(name, ",part=\"other\"", state.otherNanos() / 1e9);
    sample(name, ",part=\"transfer\"", state.transferNanos() / 1e9);
    sample(name, ",part=\"stall\"", state.stallNanos() / 1e9);
  }

  private void gpu(Profile profile, double busyShare) {
    gauge(
        "DCGM_FI_DEV_GPU_UTIL", "Time in steps since the last look, in percent.", busyShare * 100);
    if (profile.model().gpuBytes() > 0) {
      gauge(
          "DCGM_FI_DEV_FB_USED",
          "GPU memory of weights, KV blocks and buffers, in MiB.",
          profile.model().gpuBytes() / MEBIBYTE);
    }
  }

  private void requests(ServerLedger ledger) {
    head("vllm:request_success_total", "counter", "Requests that ended, by why.");
    ledger
        .finishedByReason()
        .forEach((reason, count) ->
            sample("vllm:request_success_total", ",finished_reason=\"" + reason + "\"", count));
    gauge(
        "kvasir:emission_lag_seconds_max",
        "The most by which a token left after its intended time.",
        ledger.worstLagNanos() / 1e9);
    gauge(
        "process_start_time_seconds",
        "When the server started, by its own clock.",
        ledger.startSeconds());
  }

  private void times(RequestTimes times) {
    histogram("time_to_first_token_seconds", "Time to the first token.", times.firstToken);
    histogram("inter_token_latency_seconds", "Time between tokens.", times.betweenTokens);
    histogram("e2e_request_latency_seconds", "Time of a request.", times.whole);
    histogram("request_queue_time_seconds", "Time from arrival to the first step.", times.queue);
    histogram("request_prefill_time_seconds", "Time from there to a token.", times.prefill);
    histogram("request_decode_time_seconds", "Time from there to the last one.", times.decode);
    histogram("request_prompt_tokens", "Tokens of a prompt.", times.promptTokens);
    histogram("request_generation_tokens", "Tokens of an answer.", times.outputTokens);
  }

  private void histogram(String name, String help, Histogram histogram) {
    String full = "vllm:" + name;
    head(full, "histogram", help);
    for (int i = 0; i < histogram.limits(); i++) {
      sample(full + "_bucket", ",le=\"" + histogram.limit(i) + "\"", histogram.upTo(i));
    }
    sample(full + "_bucket", ",le=\"+Inf\"", histogram.count());
    sample(full + "_sum", "", histogram.sum());
    sample(full + "_count", "", histogram.count());
  }

  private void configuration(Profile profile) {
    head("vllm:cache_config_info", "gauge", "The KV pool.");
    sample(
        "vllm:cache_config_info",
        ",block_size=\"%d\",num_gpu_blocks=\"%d\",enable_prefix_caching=\"%s\",profile=\"%s\""
            .formatted(
                profile.kv().blockTokens(),
                profile.kv().blocks(),
                profile.kv().prefixCache() ? "True" : "False",
                label(profile.name())),
        1);
  }

  private void gauge(String name, String help, Number value) {
    head(name, "gauge", help);
    sample(name, "", value);
  }

  private void counter(String name, String help, Number value) {
    head(name, "counter", help);
    sample(name, "", value);
  }

  private void head(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String moreLabels, Number value) {
    text.append(name)
        .append("{engine=\"0\",model_name=\"")
        .append(model)
        .append('"')
        .append(moreLabels)
        .append("} ")
        .append(value)
        .append('\n');
  }

  private static String label(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
