package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.EngineState;
import dev.kvasir.simulator.engine.Profile;

/** Prometheus' text format, under vLLM's names where vLLM has the figure. */
final class MetricsText {
  private final StringBuilder text = new StringBuilder(4096);
  private final String model;

  private MetricsText(String model) {
    this.model = label(model);
  }

  static String of(String model, Profile profile, EngineState state, ServerLedger ledger) {
    MetricsText metrics = new MetricsText(model);
    metrics.queues(state);
    metrics.tokens(state);
    metrics.requests(ledger);
    metrics.configuration(profile);
    return metrics.text.toString();
  }

  private void queues(EngineState state) {
    one("vllm:num_requests_running", "gauge", "Requests that hold KV.", state.running());
    one("vllm:num_requests_waiting", "gauge", "Requests in the queue.", state.waiting());
    one(
        "vllm:kv_cache_usage_perc",
        "gauge",
        "Share of KV blocks that requests hold, 0 to 1.",
        (double) state.heldBlocks() / state.blocks());
    one(
        "vllm:num_preemptions_total",
        "counter",
        "Times that a running request was sent back to the queue.",
        state.preemptions());
  }

  private void tokens(EngineState state) {
    one(
        "vllm:prefix_cache_queries_total",
        "counter",
        "Prompt tokens looked up in the prefix cache.",
        state.prefixQueries());
    one(
        "vllm:prefix_cache_hits_total",
        "counter",
        "Prompt tokens found in the prefix cache.",
        state.prefixHits());
    one(
        "vllm:prompt_tokens_total",
        "counter",
        "Prompt tokens of requests that produced a token.",
        state.promptTokens());
    one("vllm:generation_tokens_total", "counter", "Tokens produced.", state.generatedTokens());
  }

  private void requests(ServerLedger ledger) {
    head("vllm:request_success_total", "counter", "Requests that ended, by why.");
    ledger
        .finishedByReason()
        .forEach((reason, count) ->
            sample("vllm:request_success_total", ",finished_reason=\"" + reason + "\"", count));
    head("vllm:request_queue_time_seconds", "summary", "Time from arrival to the first step.");
    sample("vllm:request_queue_time_seconds_sum", "", ledger.waitedNanos() / 1e9);
    sample("vllm:request_queue_time_seconds_count", "", ledger.admitted());
    one(
        "kvasir:emission_lag_seconds_max",
        "gauge",
        "The most by which a token left after its intended time.",
        ledger.worstLagNanos() / 1e9);
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

  private void one(String name, String type, String help, Number value) {
    head(name, type, help);
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
