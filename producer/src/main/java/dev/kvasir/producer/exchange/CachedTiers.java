package dev.kvasir.producer.exchange;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * SGLang's {@code cached_tokens_details}: prompt tokens by the tier that they came from, named as
 * in the labels of a run.
 *
 * <p>{@code device} is {@code HBM} and {@code host} is {@code HOST_DRAM}; {@code storage} is named
 * after {@code storage_backend}, and {@code STORAGE} for one that is not known.
 */
final class CachedTiers {

  private final JsonMessage json;
  private @Nullable Integer device;
  private @Nullable Integer host;
  private @Nullable Integer storage;
  private String backend = "";

  private CachedTiers(JsonMessage json) {
    this.json = json;
  }

  /** Reads the current value; empty when it is no object. */
  static Map<String, Integer> read(JsonMessage json) throws IOException {
    CachedTiers tiers = new CachedTiers(json);
    json.fields(tiers::field);
    Map<String, Integer> tokens = new TreeMap<>();
    put(tokens, "HBM", tiers.device);
    put(tokens, "HOST_DRAM", tiers.host);
    put(tokens, storage(tiers.backend), tiers.storage);
    return tokens;
  }

  private void field(String key) throws IOException {
    switch (key) {
      case "device" -> device = json.count();
      case "host" -> host = json.count();
      case "storage" -> storage = json.count();
      case "storage_backend" -> backend = json.textOrEmpty();
      default -> json.skip();
    }
  }

  private static void put(Map<String, Integer> tokens, String tier, @Nullable Integer count) {
    if (count != null) {
      tokens.put(tier, count);
    }
  }

  private static String storage(String backend) {
    String name = backend.toLowerCase(Locale.ROOT);
    if (name.contains("hf3fs")) {
      return "REMOTE_FS";
    }
    if (name.contains("file")) {
      return "LOCAL_DISK";
    }
    return name.contains("mooncake") ? "REMOTE_KV" : "STORAGE";
  }
}
