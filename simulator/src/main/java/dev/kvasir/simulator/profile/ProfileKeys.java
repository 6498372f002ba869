package dev.kvasir.simulator.profile;

import static dev.kvasir.simulator.profile.ProfileKey.choice;
import static dev.kvasir.simulator.profile.ProfileKey.may;
import static dev.kvasir.simulator.profile.ProfileKey.must;
import static dev.kvasir.simulator.profile.ProfileKey.workedOut;

import dev.kvasir.simulator.profile.ProfileKey.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every key of a profile file, in the order in which documents list them. */
final class ProfileKeys {
  /** Media that KV can be kept on below GPU memory. */
  static final List<String> MEDIA = List.of("cpu", "disk", "gds", "remote");

  static final Map<String, ProfileKey> BY_PATH = new LinkedHashMap<>();

  static {
    for (ProfileKey key : all()) {
      BY_PATH.put(key.path(), key);
    }
  }

  private ProfileKeys() {}

  private static List<ProfileKey> all() {
    List<ProfileKey> keys = new ArrayList<>();
    keys.add(must("description", Kind.TEXT, 0));
    keys.addAll(hardware());
    keys.addAll(engine());
    keys.addAll(memory());
    keys.add(may("tiers.order", Kind.TEXT, 0, "none"));
    keys.add(may("tiers.prompt-only", Kind.SWITCH, 0, "true"));
    keys.add(may("tiers.lookup", Kind.DURATION, 0, "0us"));
    MEDIA.forEach(medium -> keys.addAll(tier(medium)));
    keys.addAll(layout());
    keys.addAll(faults());
    return keys;
  }

  private static List<ProfileKey> hardware() {
    return List.of(
        must("model.name", Kind.TEXT, 0),
        must("model.max-context", Kind.WHOLE, 2),
        may("model.layers", Kind.WHOLE, 0, "0"),
        may("model.query-heads", Kind.WHOLE, 0, "0"),
        may("model.kv-heads", Kind.WHOLE, 0, "0"),
        may("model.head-size", Kind.DECIMAL, 0, "0"),
        may("model.latent", Kind.WHOLE, 0, "0"),
        may("model.parameters", Kind.DECIMAL, 0, "0"),
        may("model.active-parameters", Kind.DECIMAL, 0, "0"),
        may("model.expert-parameters", Kind.DECIMAL, 0, "0"),
        may("model.expert-share", Kind.DECIMAL, 0, "1"),
        may("model.weight-bits", Kind.DECIMAL, 1, "16"),
        may("gpu.name", Kind.TEXT, 0, "none"),
        may("gpu.count", Kind.WHOLE, 1, "1"),
        may("gpu.arithmetic", Kind.ARITHMETIC, 0, "0TFLOP/s"),
        may("gpu.bandwidth", Kind.BANDWIDTH, 0, "0GB/s"),
        may("gpu.memory", Kind.BYTES, 0, "0GB"),
        may("gpu.memory-share", Kind.DECIMAL, 0, "0.9"),
        may("gpu.reserved", Kind.BYTES, 0, "1GB"),
        may("host.weights-bandwidth", Kind.BANDWIDTH, 0, "0GB/s"),
        may("efficiency.arithmetic", Kind.DECIMAL, 0, "0.5"),
        may("efficiency.attention", Kind.DECIMAL, 0, "0.5"),
        may("efficiency.bandwidth", Kind.DECIMAL, 0, "0.85"),
        may("efficiency.link", Kind.DECIMAL, 0, "0.85"));
  }

  private static List<ProfileKey> engine() {
    return List.of(
        must("scheduler.max-sequences", Kind.WHOLE, 1),
        must("scheduler.max-step-tokens", Kind.WHOLE, 1),
        may("scheduler.swap-memory", Kind.BYTES, 0, "0GB"),
        may("scheduler.swap-bandwidth", Kind.BANDWIDTH, 0, "25GB/s"),
        must("cost.step-overhead", Kind.DURATION, 0),
        workedOut("cost.weights-read", Kind.DURATION, 0),
        workedOut("cost.experts-read", Kind.DURATION, 0),
        workedOut("cost.compute-per-token", Kind.DURATION, 0),
        workedOut("cost.attention-per-pair", Kind.DURATION, 0),
        workedOut("cost.kv-read-per-token", Kind.DURATION, 0),
        must("cost.decode-per-sequence", Kind.DURATION, 0),
        may("output.time-per-request", Kind.DURATION, 0, "0us"),
        must("output.time-per-token", Kind.DURATION, 0),
        must("output.natural-median", Kind.DECIMAL, 1),
        must("output.natural-sigma", Kind.DECIMAL, 0),
        may("output.tokens-per-event", Kind.WHOLE, 1, "1"));
  }

  private static List<ProfileKey> memory() {
    return List.of(
        must("kv.block-tokens", Kind.WHOLE, 1),
        workedOut("kv.blocks", Kind.WHOLE, 1),
        must("kv.prefix-cache", Kind.SWITCH, 0),
        may("kv.k-bits", Kind.DECIMAL, 1, "16"),
        may("kv.v-bits", Kind.DECIMAL, 1, "16"),
        choice("kv.axis", "token", "token", "channel"),
        may("kv.asymmetric", Kind.SWITCH, 0, "false"),
        may("kv.group", Kind.WHOLE, 1, "64"),
        may("kv.residual", Kind.WHOLE, 0, "0"),
        may("kv.convert-bandwidth", Kind.BANDWIDTH, 0, "600GB/s"),
        may("kv.convert-overhead", Kind.DURATION, 0, "5us"));
  }

  private static List<ProfileKey> tier(String medium) {
    return List.of(
        may(medium + ".capacity", Kind.BYTES, 0, "0GB"),
        may(medium + ".read-bandwidth", Kind.BANDWIDTH, 0, "0GB/s"),
        may(medium + ".write-bandwidth", Kind.BANDWIDTH, 0, "0GB/s"),
        may(medium + ".link", Kind.BANDWIDTH, 0, "0GB/s"),
        may(medium + ".cache", Kind.BYTES, 0, "0GB"),
        may(medium + ".latency", Kind.DURATION, 0, "0us"),
        may(medium + ".concurrency", Kind.WHOLE, 1, "1"),
        may(medium + ".duplex", Kind.SWITCH, 0, "true"),
        may(medium + ".chunk-tokens", Kind.WHOLE, 1, "256"),
        may(medium + ".partial-chunks", Kind.SWITCH, 0, "false"),
        choice(medium + ".loading", "block", "block", "layerwise", "async"),
        choice(medium + ".storing", "through", "through", "back", "never"),
        may(medium + ".write-buffer", Kind.BYTES, 0, "1000TB"));
  }

  private static List<ProfileKey> layout() {
    return List.of(
        may("layout.replicas", Kind.WHOLE, 1, "1"),
        may("split.prefill", Kind.WHOLE, 0, "0"),
        may("split.decode", Kind.WHOLE, 0, "0"),
        may("split.bandwidth", Kind.BANDWIDTH, 0, "25GB/s"),
        may("split.latency", Kind.DURATION, 0, "1ms"),
        may("split.push-tokens", Kind.WHOLE, 0, "0"),
        choice("split.first-token", "decode", "prefill", "decode"));
  }

  private static List<ProfileKey> faults() {
    return List.of(
        may("fault.crash-after", Kind.DURATION, 0, "0s"),
        may("fault.clock-skew", Kind.DURATION, -1e15, "0s"),
        may("fault.pressure-share", Kind.DECIMAL, 0, "0"),
        may("fault.pressure-from", Kind.DURATION, 0, "0s"),
        may("fault.pressure-until", Kind.DURATION, 0, "0s"));
  }
}
