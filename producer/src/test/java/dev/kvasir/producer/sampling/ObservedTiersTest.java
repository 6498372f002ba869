package dev.kvasir.producer.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.SampleSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ObservedTiersTest {

  private final Traffic traffic = new Traffic();

  @Test
  void nothingIsKnownWhereNothingIsCounted() {
    grew("vllm:num_preemptions_total", 4);

    assertThat(ObservedTiers.of(traffic, Map.of())).isEmpty();
  }

  @Test
  void cachesThatGaveNothingAreNone() {
    grew("vllm:prefix_cache_hits_total", 0);
    grew("vllm:external_prefix_cache_hits_total", 0);

    assertThat(ObservedTiers.of(traffic, Map.of()))
        .containsEntry("medium", "none")
        .containsEntry("tiers", "");
  }

  @Test
  void sglangNamesItsTiers() {
    grew("sglang:cached_tokens_total", 5, "cache_source", "device");
    grew("sglang:cached_tokens_total", 6, "cache_source", "host");
    grew("sglang:cached_tokens_total", 7, "cache_source", "storage_HiCacheFile");
    grew("sglang:cached_tokens_total", 18, "cache_source", "total");

    assertThat(ObservedTiers.of(traffic, Map.of()))
        .containsEntry("tiers", "HBM,HOST_DRAM,LOCAL_DISK")
        .containsEntry("medium", "cpu+disk")
        .containsEntry("hit_tokens_local_disk", "7")
        .doesNotContainKey("hit_tokens_storage");
  }

  @Test
  void lmcacheNamesItsSecondTierByWhatLoaded() {
    grew("lmcache_mp_lookup_hit_tokens_total", 9);
    grew("lmcache_mp_lookup_hit_l1_tokens_total", 4);
    grew("lmcache_mp_lookup_hit_l2_tokens_total", 5);
    grew("lmcache_mp_l2_load_throughput_GB_per_second_count", 2, "l2_name", "fs");
    grew("vllm:external_prefix_cache_hits_total", 9);

    assertThat(ObservedTiers.of(traffic, Map.of()))
        .containsEntry("tiers", "HOST_DRAM,LOCAL_DISK")
        .containsEntry("hit_tokens_host_dram", "4");
  }

  @Test
  void whatAConnectorGaveIsNamedAfterTheOneTierThatLoaded() {
    grew("vllm:prefix_cache_hits_total", 0);
    grew("vllm:external_prefix_cache_hits_total", 30);
    grew("vllm:kv_offload_total_bytes_total", 900, "transfer_type", "CPU_to_GPU");
    grew("vllm:kv_offload_total_bytes_total", 800, "transfer_type", "GPU_to_CPU");

    assertThat(ObservedTiers.of(traffic, Map.of()))
        .containsEntry("tiers", "HOST_DRAM")
        .containsEntry("medium", "cpu")
        .containsEntry("hit_tokens_host_dram", "30")
        .containsEntry("load_bytes_host_dram", "900");
  }

  @Test
  void answersTellWhereCountersDoNot() {
    assertThat(ObservedTiers.of(traffic, Map.of("HBM", 3L, "HOST_DRAM", 0L)))
        .containsEntry("tiers", "HBM")
        .containsEntry("medium", "hbm");
  }

  @Test
  void aRestartedCounterCountsOn() {
    for (double value : new double[] {100, 150, 20, 30}) {
      traffic.add(reading("vllm:prefix_cache_hits_total", value, Map.of()));
      traffic.pageEnded();
    }

    assertThat(traffic.of("vllm:prefix_cache_hits_total")).isEqualTo(80);
  }

  @Test
  void everyMetricOfTheListIsKnownByItsNames() throws IOException {
    String list =
        new String(
            Objects.requireNonNull(
                    ObservedTiersTest.class.getResourceAsStream("server-metrics.csv"))
                .readAllBytes(),
            StandardCharsets.UTF_8);

    assertThat(list.lines().filter(line -> !line.startsWith("#")))
        .hasSizeGreaterThan(110)
        .allSatisfy(line -> {
          String[] row = line.split(",", -1);
          String name = row[1].equals("histogram") ? row[0] + "_sum" : row[0];
          assertThat(MetricNames.known(name).name()).isEqualTo(name);
          assertThat(MetricNames.known(name).counter()).isEqualTo(!row[1].equals("gauge"));
        });
    assertThat(MetricNames.known("vllm:kv_offload_load_bytes").name())
        .isEqualTo("vllm:kv_offload_load_bytes_total");
  }

  private void grew(String name, double by, String... label) {
    Map<String, String> labels = new TreeMap<>();
    if (label.length == 2) {
      labels.put(label[0], label[1]);
    }
    traffic.add(reading(name, 10, labels));
    traffic.add(reading(name, 10 + by, labels));
  }

  private static Reading reading(String name, double value, Map<String, String> labels) {
    return new Reading(SampleSource.SERVER, name, labels, value, true);
  }
}
