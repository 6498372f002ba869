package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.KvSizing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what prompts cost in the KV cache, and how much of it runs are to fill. */
final class KvReader {

  static final List<String> SHAPE_KEYS =
      List.of("layers", "kv-heads", "head-dim", "latent", "bytes");
  static final List<String> WORKING_SET_KEYS = List.of("of", "times");

  private static final double HALF_PRECISION = 2;

  private final Section workload;
  private final WorkloadKind kind;

  private KvReader(Section workload, WorkloadKind kind) {
    this.workload = workload;
    this.kind = kind;
  }

  /** The sizing; null when none is asked for, or when a problem keeps it from being one. */
  static @Nullable KvSizing read(Section workload, WorkloadKind kind) {
    return new KvReader(workload, kind).read();
  }

  private @Nullable KvSizing read() {
    Long bytesPerToken = bytesPerToken();
    KvSizing.Target target = target();
    boolean sized = workload.has("kv-bytes") || workload.has("working-set");
    if (sized && !workload.has("kv-bytes-per-token") && !workload.has("model-shape")) {
      workload.add(
          workload.has("kv-bytes") ? "kv-bytes" : "working-set",
          "nothing says what a token takes in the KV cache",
          "give %s, or %s"
              .formatted(workload.name("model-shape"), workload.name("kv-bytes-per-token")));
      return null;
    }
    return bytesPerToken == null || (sized && target == null)
        ? null
        : new KvSizing(bytesPerToken, target);
  }

  private @Nullable Long bytesPerToken() {
    if (workload.has("kv-bytes-per-token")) {
      workload.refuse("model-shape", "leave it out, or leave out kv-bytes-per-token");
      KvSizing.Size size = workload.value("kv-bytes-per-token", Value.SIZE_OR_BYTES);
      return size == null ? null : (Long) size.bytes();
    }
    Section shape = workload.section("model-shape", SHAPE_KEYS);
    return shape == null ? null : bytesPerToken(shape);
  }

  private static @Nullable Long bytesPerToken(Section shape) {
    Integer layers = shape.required("layers", Value.atLeast(1));
    double bytes = shape.valueOr("bytes", Value.above(0), HALF_PRECISION);
    if (shape.has("latent")) {
      String why = "leave it out: a latent replaces heads";
      shape.refuse("kv-heads", why);
      shape.refuse("head-dim", why);
      Integer latent = shape.value("latent", Value.atLeast(1));
      return layers == null || latent == null
          ? null
          : (Long) KvSizing.latentBytesPerToken(layers, latent, bytes);
    }
    Integer heads = shape.required("kv-heads", Value.atLeast(1));
    Integer width = shape.required("head-dim", Value.atLeast(1));
    return layers == null || heads == null || width == null
        ? null
        : (Long) KvSizing.bytesPerToken(layers, heads, width, bytes);
  }

  private KvSizing.@Nullable Target target() {
    if (workload.has("kv-bytes") && workload.has("working-set")) {
      workload.refuse("working-set", "leave it out, or leave out kv-bytes");
      return null;
    }
    if (workload.has("kv-bytes")) {
      return bytes();
    }
    Section set = workload.section("working-set", WORKING_SET_KEYS);
    return set == null ? null : workingSet(set);
  }

  private KvSizing.@Nullable Target bytes() {
    if (kind != WorkloadKind.SYNTHETIC) {
      workload.refuse(
          "kv-bytes", "leave it out: only synthetic prompts can be made to fill a size");
      return null;
    }
    workload.refuse("prompts", "leave it out: kv-bytes decides how many there are");
    workload.refuse("prompts-per-group", "leave it out: kv-bytes decides how many there are");
    List<KvSizing.Size> sizes = workload.values("kv-bytes", Value.SIZE);
    return sizes.isEmpty() ? null : new KvSizing.Bytes(sizes);
  }

  private KvSizing.@Nullable Target workingSet(Section set) {
    boolean documents = kind == WorkloadKind.LONG_DOCUMENTS;
    if (kind != WorkloadKind.SYNTHETIC && !documents) {
      workload.refuse(
          "working-set", "leave it out: only synthetic prompts and long documents share prefixes");
      return null;
    }
    String groups = documents ? "documents" : "prefix-groups";
    String tokens = documents ? "document-tokens" : "prefix-tokens";
    if (workload.has(groups) == workload.has(tokens)) {
      workload.add(
          "working-set",
          "%s and %s are both %s"
              .formatted(
                  workload.name(groups),
                  workload.name(tokens),
                  workload.has(groups) ? "given" : "missing"),
          "give one of them: the working set decides the other");
      return null;
    }
    KvSizing.Size of = set.required("of", Value.SIZE);
    List<Double> times = set.has("times") ? set.values("times", Value.above(0)) : List.of(1.0);
    Integer each =
        documents
            ? workload.valueOr("questions", Value.atLeast(1), 2)
            : workload.value("prompts-per-group", Value.atLeast(1));
    return of == null || times.isEmpty()
        ? null
        : new KvSizing.WorkingSet(of, times, workload.has(groups), each);
  }
}
