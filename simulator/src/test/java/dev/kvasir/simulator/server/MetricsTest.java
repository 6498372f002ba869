package dev.kvasir.simulator.server;

import static dev.kvasir.simulator.server.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.Profiles;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the server tells of itself. */
class MetricsTest extends WithOneServer {

  @Test
  void theServerSaysWhatItIs() throws Exception {
    assertThat(client.get("/health").statusCode()).isEqualTo(200);
    assertThat(json(client.get("/version").body()).path("version").asText())
        .startsWith("kvasir-simulator");
    JsonNode model = json(client.get("/v1/models").body()).at("/data/0");
    assertThat(model.path("id").asText()).isEqualTo("tiny");
    assertThat(model.path("max_model_len").asInt()).isEqualTo(4096);
  }

  @Test
  void metricsAreInPrometheusFormat() throws Exception {
    client.post(COMPLETIONS, prompt("a", 3, ", \"ignore_eos\": true"));

    String metrics = client.get("/metrics").body();

    Pattern sample = Pattern.compile("[A-Za-z_:0-9]+\\{([a-z_]+=\"[^\"]*\",?)+} [0-9.E-]+");
    assertThat(metrics.lines())
        .allSatisfy(line ->
            assertThat(line.startsWith("# ") || sample.matcher(line).matches()).as(line).isTrue());
    assertThat(metrics)
        .contains("vllm:num_requests_running{engine=\"0\",model_name=\"tiny\"} 0\n")
        .contains("vllm:num_requests_waiting{")
        .contains("vllm:kv_cache_usage_perc{engine=\"0\",model_name=\"tiny\"} 0.0\n")
        .contains("vllm:num_preemptions_total{")
        .contains(
            "vllm:request_success_total{engine=\"0\",model_name=\"tiny\",finished_reason=\"length\"} 1\n");
  }

  @Test
  void aClientThatGoesAwayFreesItsBlocks() throws Exception {
    try (SimulatedServers slow = start(slow());
        Client other = new Client(slow.ports().getFirst())) {
      HttpResponse<InputStream> response =
          other.open(
              COMPLETIONS,
              prompt("a".repeat(400), 3000, ", \"ignore_eos\": true, \"stream\": true"));
      assertThat(response.body().read()).isEqualTo('d');
      assertThat(metric(other.get("/metrics").body(), "vllm:num_requests_running")).isEqualTo(1);
      assertThat(metric(other.get("/metrics").body(), "vllm:kv_cache_usage_perc")).isPositive();

      response.body().close();

      await()
          .atMost(PATIENT)
          .untilAsserted(() -> {
            String metrics = other.get("/metrics").body();
            assertThat(metric(metrics, "vllm:num_requests_running")).isZero();
            assertThat(metric(metrics, "vllm:kv_cache_usage_perc")).isZero();
            assertThat(metrics).contains("finished_reason=\"abort\"} 1\n");
          });
    }
  }

  @Test
  void promptTokensAreCountedByWhereTheirKvCameFrom() throws Exception {
    Profile tiered =
        Profiles.load(
            "qwen3-0.6b-l4", Map.of("strategy", "lmcache-cpu", "kv.prefix-cache", "false"));
    try (SimulatedServers servers = start(tiered);
        Client other = new Client(servers.ports().getFirst())) {
      String asked = prompt("once upon a time ".repeat(100), 1, "");
      await()
          .atMost(PATIENT)
          .untilAsserted(() -> {
            JsonNode usage = json(other.post(COMPLETIONS, asked).body()).path("usage");
            assertThat(usage.at("/prompt_tokens_details/by_tier/cpu").asInt()).isPositive();
          });

      String metrics = other.get("/metrics").body();

      String source = "vllm:prompt_tokens_by_source_total";
      double computed = labelled(metrics, source, "source=\"local_compute\"");
      double external = labelled(metrics, source, "source=\"external_kv_transfer\"");
      assertThat(computed + external).isEqualTo(metric(metrics, "vllm:prompt_tokens_total"));
      assertThat(external)
          .isPositive()
          .isEqualTo(metric(metrics, "vllm:external_prefix_cache_hits_total"))
          .isLessThan(metric(metrics, "vllm:external_prefix_cache_queries_total"));
      assertThat(metric(metrics, "vllm:prefix_cache_queries_total")).isZero();
      assertThat(metric(metrics, "vllm:kv_offload_load_bytes_total"))
          .isPositive()
          .isEqualTo(metric(metrics, "kvasir:tier_read_bytes_total"));
      assertThat(metric(metrics, "vllm:kv_offload_store_bytes_total"))
          .isPositive()
          .isEqualTo(metric(metrics, "kvasir:tier_used_bytes"));
      assertThat(metric(metrics, "vllm:kv_offload_load_time_total")).isPositive();
      assertThat(metric(metrics, "kvasir:tier_capacity_bytes")).isBetween(63e9, 64e9);
    }
  }

  @Test
  void theTimeOfStepsIsSplitIntoItsPartsAndTheGpuIsBusyWithThem() throws Exception {
    Profile tiered = Profiles.load("qwen3-0.6b-l4", Map.of("strategy", "lmcache-cpu"));
    try (SimulatedServers servers = start(tiered);
        Client other = new Client(servers.ports().getFirst())) {
      other.post(COMPLETIONS, prompt("once upon a time ".repeat(100), 8, ", \"ignore_eos\": true"));

      String metrics = other.get("/metrics").body();

      String seconds = "kvasir:step_seconds_total";
      assertThat(labelled(metrics, seconds, "part=\"attention\"")).isPositive();
      assertThat(labelled(metrics, seconds, "part=\"other\"")).isPositive();
      assertThat(labelled(metrics, seconds, "part=\"stall\"")).isPositive();
      assertThat(labelled(metrics, seconds, "part=\"transfer\"")).isNotNegative();
      assertThat(metric(metrics, "kvasir:steps_total")).isEqualTo(8);
      assertThat(metric(metrics, "DCGM_FI_DEV_GPU_UTIL")).isBetween(0.0, 100.0);
      assertThat(metric(metrics, "DCGM_FI_DEV_FB_USED") * 1048576).isBetween(15e9, 24e9);
      assertThat(metric(metrics, "vllm:time_to_first_token_seconds_count")).isEqualTo(1);
      assertThat(metric(metrics, "vllm:inter_token_latency_seconds_count")).isEqualTo(7);
      assertThat(metric(metrics, "vllm:request_prompt_tokens_sum")).isEqualTo(401);
    }
  }

  private static SimulatedServers start(Profile profile) {
    return SimulatedServers.start(
        List.of(new SimulatedServers.Server("other", profile, 0, "tiny")),
        SimulatedServers.Options.defaults());
  }

  /** A token each tenth of a second. */
  private static Profile slow() {
    return new Profile(
        "slow",
        "for tests",
        new Profile.Model("Test/Slow", 4096),
        new Profile.Scheduler(64, 512),
        new Profile.KvCache(16, 1024, true),
        new Profile.Cost(100_000_000, 0, 0, 0, 0, 0),
        new Profile.Output(1_000, 20, 0.5));
  }

  private static double labelled(String metrics, String name, String label) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + "{") && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
