package dev.kvasir.label;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategyLabelsTest {

  private static final String LMCACHE =
      "--kv-transfer-config '{\"kv_connector\":\"LMCacheConnectorV1\",\"kv_role\":\"kv_both\"}'";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # command | environment | label | reuse | tiers
          vllm serve M --no-enable-prefix-caching | '' | recompute@none | none | ''
          vllm serve M | '' | HBM@none | hbm_prefix | HBM
          vllm serve M --kv-offloading-size 50 | '' | CPU@offloading | offload+hbm | HBM,HOST_DRAM
          vllm serve M --kv-offloading-size 50 --kv-offloading-backend lmcache | '' | CPU@lmcache-mp | offload+hbm | HBM,HOST_DRAM
          vllm serve M --kv-offloading-size=50 | VLLM_USE_SIMPLE_KV_OFFLOAD=1 | CPU@simple-cpu | offload+hbm | HBM,HOST_DRAM
          vllm serve M --no-enable-prefix-caching | LMCACHE_GDS_PATH=/mnt/800gb LMCACHE_LOCAL_CPU=False | GDS@lmcache | offload | GDS
          vllm serve M --no-enable-prefix-caching | LMCACHE_LOCAL_DISK=file:///mnt/x/ LMCACHE_MAX_LOCAL_DISK_SIZE=5000.0 | CPU+Disk@lmcache | offload | HOST_DRAM,LOCAL_DISK
          vllm serve M | LMCACHE_CONFIG_FILE=l.yaml | unknown@lmcache | offload+hbm | HBM
          vllm serve M | LMCACHE_REMOTE_URL=lm://h:65432 LMCACHE_LOCAL_CPU=False | Remote@lmcache | offload+hbm | HBM,REMOTE_KV
          vllm serve M --kv-cache-dtype fp8_e4m3 | '' | HBM/8@none | hbm_prefix | HBM
          python -m sglang.launch_server --model-path M --enable-hierarchical-cache --hicache-size 40 | '' | CPU@hicache | offload+hbm | HBM,HOST_DRAM
          python3 -m sglang.launch_server --enable-hierarchical-cache --hicache-storage-backend mooncake | MOONCAKE_PROTOCOL=rdma | CPU+Mooncake@hicache | offload+hbm | HBM,HOST_DRAM,REMOTE_KV
          python3 -m sglang.launch_server --disable-radix-cache | '' | recompute@none | none | ''
          python3 -m sglang.launch_server --enable-kvtuner-quant --kvtuner-nbits-key 8 --kvtuner-nbits-value 4 | '' | HBM/k8v4@none | hbm_prefix | HBM
          llama-server -m m.gguf -nkvo -ctk q8_0 -ctv q4_0 | '' | CPU/k8v4@llamacpp | offload | HOST_DRAM
          llama-server -m m.gguf -cram 4096 | '' | CPU@llamacpp | offload+hbm | HBM,HOST_DRAM
          ./kvasir simulate --profile recompute | '' | recompute@none | none | ''
          """)
  void a_launch_has_its_label(
      String command, String environment, String label, String reuse, String tiers) {
    Map<String, String> labels =
        StrategyLabels.derive(LaunchFacts.ofText(null, command, environment, Map.of()));

    assertThat(labels)
        .containsEntry("label", label)
        .containsEntry("reuse", reuse)
        .containsEntry("tiers", tiers);
  }

  @Test
  void what_only_people_know_completes_the_short_label() {
    Map<String, String> labels =
        StrategyLabels.derive(
            LaunchFacts.ofText(
                null,
                "vllm serve M " + LMCACHE,
                "LMCACHE_GDS_PATH=/mnt/800gb/x LMCACHE_LOCAL_CPU=False",
                Map.of("bandwidth", "800g", "arcc", "Y")));

    assertThat(labels)
        .containsEntry("label", "GDS-800g+arcc@lmcache")
        .containsEntry("arcc", "on")
        .containsEntry("transport", "cufile_gds");
  }

  @Test
  void an_unmentioned_local_cpu_of_lmcache_is_a_tier_of_five_gib() {
    Map<String, String> labels =
        StrategyLabels.derive(
            LaunchFacts.ofText("vllm", LMCACHE, "LMCACHE_LOCAL_DISK=file:///mnt/x/", Map.of()));

    assertThat(labels)
        .containsEntry("tiers", "HBM,HOST_DRAM,LOCAL_DISK")
        .containsEntry("host_dram_bytes", Long.toString(5L << 30))
        .doesNotContainKey("local_disk_bytes");
  }

  @Test
  void every_encoding_of_a_capacity_becomes_bytes() {
    assertThat(hostBytes("--kv-offloading-size 41.16", "", Map.of()))
        .isEqualTo(Math.round(41.16 * (1L << 30)));
    assertThat(hostBytes(offloading("\"cpu_bytes_to_use\":44195213475"), "", Map.of()))
        .isEqualTo(44_195_213_475L);
    assertThat(
            hostBytes(
                offloading("\"num_cpu_blocks\":20000"), "", Map.of("kv-bytes-per-token", "114688")))
        .isEqualTo(20_000L * 16 * 114_688);
    assertThat(
            hostBytes(
                offloading("\"num_cpu_blocks\":20000,\"block_size\":64"),
                "",
                Map.of("kv-bytes-per-token", "114688")))
        .isEqualTo(20_000L * 64 * 114_688);
    assertThat(hostBytes(LMCACHE, "LMCACHE_MAX_LOCAL_CPU_SIZE=10.0", Map.of()))
        .isEqualTo(10L << 30);
  }

  @Test
  void a_capacity_that_cannot_be_known_is_absent() {
    Map<String, String> labels =
        StrategyLabels.derive(
            LaunchFacts.ofText("vllm", offloading("\"num_cpu_blocks\":20000"), "", Map.of()));

    assertThat(labels)
        .doesNotContainKey("host_dram_bytes")
        .containsEntry("host_dram_blocks", "20000");
  }

  @Test
  void connectors_inside_one_another_are_all_named() {
    String multi =
        "--kv-transfer-config '{\"kv_connector\":\"MultiConnector\",\"kv_connector_extra_config\":"
            + "{\"connectors\":[{\"kv_connector\":\"NixlConnector\",\"kv_role\":\"kv_both\"},"
            + "{\"kv_connector\":\"OffloadingConnector\",\"kv_connector_extra_config\":"
            + "{\"cpu_bytes_to_use\":1000,\"eviction_policy\":\"arc\"}}]}}'";

    assertThat(StrategyLabels.derive(LaunchFacts.ofText("vllm", multi, "", Map.of())))
        .containsEntry("connector", "Multi[Nixl,Offloading]")
        .containsEntry("tiers", "HBM,PEER_GPU,HOST_DRAM")
        .containsEntry("label", "Peer+CPU@multi")
        .containsEntry("transport", "rdma_ucx,pcie_dma")
        .containsEntry("eviction", "arc");
  }

  @Test
  void prefill_and_decode_behind_a_proxy_are_counted() {
    List<String> nixl =
        List.of(
            "vllm",
            "serve",
            "M",
            "--no-enable-prefix-caching",
            "--kv-transfer-config",
            "{\"kv_connector\":\"NixlConnector\",\"kv_role\":\"kv_both\"}");
    LaunchFacts facts =
        new LaunchFacts(
            null,
            List.of(
                new LaunchFacts.Launched("prefill-0", nixl, Map.of()),
                new LaunchFacts.Launched("prefill-1", nixl, Map.of()),
                new LaunchFacts.Launched("decode-0", nixl, Map.of()),
                new LaunchFacts.Launched(
                    "proxy", List.of("python toy_proxy_server.py --port 8077"), Map.of())),
            Map.of());

    assertThat(StrategyLabels.derive(facts))
        .containsEntry("topology", "pd_disagg(2P1D)")
        .containsEntry("connector", "Nixl")
        .containsEntry("reuse", "none")
        .containsEntry("label", "Peer@nixl");
  }

  @Test
  void result_files_say_how_many_instances_there_were() {
    assertThat(
            StrategyLabels.derive(
                LaunchFacts.ofText(
                    "vllm",
                    "",
                    "",
                    Map.of("num_prefill_instances", "2", "num_decode_instances", "3"))))
        .containsEntry("topology", "pd_disagg(2P3D)");
  }

  @Test
  void several_equal_servers_are_replicas() {
    LaunchFacts.Launched one = new LaunchFacts.Launched("a", List.of("vllm serve M"), Map.of());

    assertThat(StrategyLabels.derive(new LaunchFacts(null, List.of(one, one), Map.of())))
        .containsEntry("topology", "multi_replica(2)");
  }

  @Test
  void nothing_follows_from_nothing() {
    assertThat(StrategyLabels.derive(new LaunchFacts(null, List.of(), Map.of()))).isEmpty();
    assertThat(StrategyLabels.derive(LaunchFacts.ofText(null, "", "", Map.of()))).isEmpty();
    assertThat(StrategyLabels.derive(LaunchFacts.ofText(null, "./serve.sh", "", Map.of())))
        .isEmpty();
  }

  @Test
  void a_connector_that_nobody_knows_keeps_its_name_and_its_medium_is_unknown() {
    assertThat(
            StrategyLabels.derive(
                LaunchFacts.ofText(
                    "vllm", "--kv-transfer-config '{\"kv_connector\":\"NewOne\"}'", "", Map.of())))
        .containsEntry("connector", "NewOne")
        .containsEntry("medium", "unknown");
  }

  @Test
  void an_unreadable_configuration_is_said_to_be_so() {
    assertThat(
            StrategyLabels.derive(
                LaunchFacts.ofText(
                    "vllm", "--kv-transfer-config '{\"kv_connector\":'", "", Map.of())))
        .containsEntry("unreadable", "flag.kv-transfer-config")
        .containsEntry("medium", "unknown");
  }

  private static String offloading(String extra) {
    return "--kv-transfer-config '{\"kv_connector\":\"OffloadingConnector\","
        + "\"kv_connector_extra_config\":{"
        + extra
        + "}}'";
  }

  private static long hostBytes(String command, String environment, Map<String, String> known) {
    String bytes =
        StrategyLabels.derive(LaunchFacts.ofText("vllm", command, environment, known))
            .get("host_dram_bytes");
    assertThat(bytes).isNotNull();
    return Long.parseLong(bytes);
  }
}
