package dev.kvasir.producer.sampling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * From which tiers prompts were served, as the counters of servers show it.
 *
 * <p>What an engine found in its own pool is {@code HBM}. What came from outside it is named after
 * the tier whose load counter grew with it, and {@code EXTERNAL} when none tells.
 */
final class ObservedTiers {

  /** Tiers in the order of distance, and their words; both as in derived labels. */
  private static final Map<String, String> WORDS = words();

  private final Traffic traffic;
  private final Map<String, Double> tokens = new TreeMap<>();
  private final Map<String, Double> bytes = new TreeMap<>();
  private boolean known;

  private ObservedTiers(Traffic traffic) {
    this.traffic = traffic;
    own();
    loads();
    sglang();
    lmcache();
    external();
  }

  private static Map<String, String> words() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("HBM", "hbm");
    words.put("PEER_GPU", "peer");
    words.put("HOST_DRAM", "cpu");
    words.put("LOCAL_DISK", "disk");
    words.put("GDS", "gds");
    words.put("REMOTE_FS", "fs");
    words.put("REMOTE_KV", "remote");
    words.put("STORAGE", "storage");
    words.put("EXTERNAL", "external");
    return words;
  }

  /**
   * The labels; none when no server says what its caches gave.
   *
   * @param told tokens by tier that answers told; they count where counters say nothing
   */
  static Map<String, String> of(Traffic traffic, Map<String, Long> told) {
    ObservedTiers seen = new ObservedTiers(traffic);
    if (!seen.known) {
      told.forEach((tier, count) -> seen.tokens(tier, count));
    }
    return seen.known ? seen.labels() : Map.of();
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>();
    List<String> tiers = WORDS.keySet().stream().filter(this::gave).toList();
    labels.put("tiers", String.join(",", tiers));
    labels.put("medium", medium(tiers));
    tokens.forEach((tier, count) -> labels.put("hit_tokens_" + name(tier), whole(count)));
    bytes.forEach((tier, count) -> labels.put("load_bytes_" + name(tier), whole(count)));
    return labels;
  }

  private static String medium(List<String> tiers) {
    String below =
        tiers.stream()
            .filter(tier -> !tier.equals("HBM"))
            .map(tier -> WORDS.getOrDefault(tier, tier))
            .collect(Collectors.joining("+"));
    if (!below.isEmpty()) {
      return below;
    }
    return tiers.isEmpty() ? "none" : "hbm";
  }

  private boolean gave(String tier) {
    return tokens.getOrDefault(tier, 0.0) > 0 || bytes.getOrDefault(tier, 0.0) > 0;
  }

  private static String name(String tier) {
    return tier.toLowerCase(Locale.ROOT);
  }

  private static String whole(double count) {
    return Long.toString(Math.round(count));
  }

  private void tokens(String tier, double count) {
    known = true;
    tokens.merge(tier, count, Double::sum);
  }

  private void bytes(String tier, double count) {
    known = true;
    bytes.merge(tier, count, Double::sum);
  }

  private void own() {
    Map<String, Double> sources = traffic.by("vllm:prompt_tokens_by_source_total", "source");
    if (sources.containsKey("local_cache_hit")) {
      tokens("HBM", sources.get("local_cache_hit"));
    } else if (traffic.knows("vllm:prefix_cache_hits_total")) {
      tokens("HBM", traffic.of("vllm:prefix_cache_hits_total"));
    }
    if (traffic.knows("llamacpp:prompt_tokens_cached_total")) {
      tokens("HBM", traffic.of("llamacpp:prompt_tokens_cached_total"));
    }
  }

  private void loads() {
    Map<String, Double> directions =
        traffic.by("vllm:kv_offload_total_bytes_total", "transfer_type");
    if (traffic.knows("vllm:kv_offload_load_bytes_total")) {
      bytes("HOST_DRAM", traffic.of("vllm:kv_offload_load_bytes_total"));
    } else if (directions.containsKey("CPU_to_GPU")) {
      bytes("HOST_DRAM", directions.get("CPU_to_GPU"));
    }
    if (traffic.knows("vllm:nixl_bytes_transferred_sum")) {
      bytes("PEER_GPU", traffic.of("vllm:nixl_bytes_transferred_sum"));
    }
    traffic
        .by("vllm:mooncake_store_operation_bytes_total", "operation")
        .forEach((operation, count) -> {
          if (operation.contains("get") || operation.contains("load")) {
            bytes("REMOTE_KV", count);
          }
        });
    if (traffic.knows("lmcache:num_remote_read_bytes_total")) {
      bytes("REMOTE_KV", traffic.of("lmcache:num_remote_read_bytes_total"));
    }
  }

  private void sglang() {
    Map<String, Double> sources = traffic.by("sglang:cached_tokens_total", "cache_source");
    sources.forEach((source, count) -> {
      if (!source.equals("total")) {
        tokens(sglangTier(source), count);
      } else if (sources.size() == 1) {
        tokens("HBM", count);
      }
    });
    if (!sources.containsKey("host") && traffic.knows("sglang:load_back_tokens_total")) {
      tokens("HOST_DRAM", traffic.of("sglang:load_back_tokens_total"));
    }
    if (sources.keySet().stream().noneMatch(source -> source.startsWith("storage"))) {
      traffic
          .by("sglang:prefetched_tokens_total", "storage_backend")
          .forEach((backend, count) -> tokens(sglangTier("storage_" + backend), count));
    }
  }

  private static String sglangTier(String source) {
    String name = source.toLowerCase(Locale.ROOT);
    if (name.contains("device")) {
      return "HBM";
    }
    if (name.equals("host")) {
      return "HOST_DRAM";
    }
    if (name.contains("hf3fs")) {
      return "REMOTE_FS";
    }
    if (name.contains("file")) {
      return "LOCAL_DISK";
    }
    return name.contains("mooncake") ? "REMOTE_KV" : "STORAGE";
  }

  private void lmcache() {
    if (!traffic.knows("lmcache_mp_lookup_hit_tokens_total")) {
      return;
    }
    tokens("HOST_DRAM", traffic.of("lmcache_mp_lookup_hit_l1_tokens_total"));
    double second = traffic.of("lmcache_mp_lookup_hit_l2_tokens_total");
    List<String> names =
        traffic
            .by("lmcache_mp_l2_load_throughput_GB_per_second_count", "l2_name")
            .entrySet()
            .stream()
            .filter(each -> each.getValue() > 0)
            .map(Map.Entry::getKey)
            .toList();
    tokens(names.size() == 1 ? secondTier(names.getFirst()) : "STORAGE", second);
  }

  private static String secondTier(String name) {
    if (name.equals("fs")) {
      return "LOCAL_DISK";
    }
    return name.startsWith("mooncake") ? "REMOTE_KV" : "STORAGE";
  }

  /** What a connector of vLLM gave, named after the tier below that shows a load. */
  private void external() {
    Map<String, Double> sources = traffic.by("vllm:prompt_tokens_by_source_total", "source");
    double count;
    if (sources.containsKey("external_kv_transfer")) {
      count = sources.get("external_kv_transfer");
    } else if (traffic.knows("vllm:external_prefix_cache_hits_total")) {
      count = traffic.of("vllm:external_prefix_cache_hits_total");
    } else {
      return;
    }
    known = true;
    List<String> below =
        WORDS.keySet().stream().filter(tier -> !tier.equals("HBM") && gave(tier)).toList();
    if (below.isEmpty()) {
      tokens("EXTERNAL", count);
    } else if (below.size() == 1 && !tokens.containsKey(below.getFirst())) {
      tokens(below.getFirst(), count);
    }
  }
}
