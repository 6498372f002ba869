package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.DatasetKind;
import dev.kvasir.producer.workload.Datasets;
import dev.kvasir.producer.workload.TokenRange;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what a plan sends. */
final class WorkloadReader {

  static final List<String> KEYS =
      List.of(
          "kind",
          "file",
          "prompts",
          "reason",
          "output-tokens",
          "ignore-eos",
          "shuffle",
          "lenient",
          "input-tokens",
          "prefix-groups",
          "prefix-tokens");

  static final int DEFAULT_PROMPTS = 1000;

  private static final List<String> FILE_KEYS = List.of("file", "shuffle", "lenient");
  private static final List<String> SYNTHETIC_KEYS =
      List.of("input-tokens", "prefix-groups", "prefix-tokens");

  private enum Kind {
    SHAREGPT,
    PROMPTS,
    SYNTHETIC
  }

  private static final Value<Kind> KIND =
      Value.oneOf(Kind.values(), kind -> kind.name().toLowerCase(Locale.ROOT));

  private final Section workload;
  private final Datasets datasets;

  private WorkloadReader(Section workload, Datasets datasets) {
    this.workload = workload;
    this.datasets = datasets;
  }

  /** The specification; null when a problem keeps it from being one. */
  static @Nullable WorkloadSpec read(Section workload, Datasets datasets) {
    return new WorkloadReader(workload, datasets).read();
  }

  private @Nullable WorkloadSpec read() {
    int prompts = workload.valueOr("prompts", Value.atLeast(1), DEFAULT_PROMPTS);
    String reason = workload.value("reason", Value.TEXT);
    TokenRange output = workload.value("output-tokens", Value.TOKENS);
    boolean ignoreEos = workload.valueOr("ignore-eos", Value.SWITCH, false);
    if (ignoreEos && !workload.has("output-tokens")) {
      workload.add(
          "ignore-eos",
          "%s is set without %s"
              .formatted(workload.name("ignore-eos"), workload.name("output-tokens")),
          "say how long the output is to be");
    }
    String file = file();
    Kind kind = kind(file);
    if (kind == null) {
      return null;
    }
    WorkloadSpec.Source source = kind == Kind.SYNTHETIC ? synthetic() : fromFile(kind, file);
    if (kind != Kind.SYNTHETIC && output != null && !output.isFixed()) {
      workload.add(
          "output-tokens",
          "%s is %s".formatted(workload.name("output-tokens"), output.text()),
          "it must be one number: only synthetic prompts can have a range");
      return null;
    }
    return source == null ? null : new WorkloadSpec(source, prompts, output, ignoreEos, reason);
  }

  /** The full name of the file; null when none is given or it cannot be read. */
  private @Nullable String file() {
    String file = workload.value("file", Value.TEXT);
    if (file == null) {
      return null;
    }
    if (!datasets.readable(file)) {
      workload.add(
          "file",
          "%s is %s, and there is no such file at %s"
              .formatted(workload.name("file"), file, datasets.resolve(file)),
          "give the path of a file that can be read, relative to the plan's folder");
      return null;
    }
    return datasets.resolve(file);
  }

  private @Nullable Kind kind(@Nullable String file) {
    if (workload.has("kind")) {
      return workload.value("kind", KIND);
    }
    if (file != null) {
      return switch (DatasetKind.of(file, datasets)) {
        case SHAREGPT -> Kind.SHAREGPT;
        case PROMPTS -> Kind.PROMPTS;
      };
    }
    if (workload.has("file")) {
      return null;
    }
    if (SYNTHETIC_KEYS.stream().anyMatch(workload::has)) {
      return Kind.SYNTHETIC;
    }
    workload.add(
        "kind",
        "%s and %s are missing".formatted(workload.name("kind"), workload.name("file")),
        "give a file of prompts, or input-tokens for synthetic ones");
    return null;
  }

  private WorkloadSpec.@Nullable Source fromFile(Kind kind, @Nullable String file) {
    SYNTHETIC_KEYS.forEach(
        key -> workload.refuse(key, "leave it out: it belongs to synthetic prompts"));
    boolean shuffle = workload.valueOr("shuffle", Value.SWITCH, true);
    boolean lenient = workload.valueOr("lenient", Value.SWITCH, false);
    if (!workload.has("file")) {
      workload.required("file", new Value<>("the path of a file of prompts", text -> text));
    }
    if (file == null) {
      return null;
    }
    return kind == Kind.SHAREGPT
        ? new WorkloadSpec.ShareGpt(file, shuffle, lenient)
        : new WorkloadSpec.PromptFile(file, shuffle, lenient);
  }

  private WorkloadSpec.@Nullable Source synthetic() {
    FILE_KEYS.forEach(
        key -> workload.refuse(key, "leave it out: synthetic prompts come from no file"));
    TokenRange input = workload.required("input-tokens", Value.TOKENS);
    Integer groups = workload.value("prefix-groups", Value.atLeast(1));
    Integer prefix = workload.value("prefix-tokens", Value.atLeast(1));
    if (workload.has("prefix-groups") != workload.has("prefix-tokens")) {
      String present = workload.has("prefix-groups") ? "prefix-groups" : "prefix-tokens";
      String absent = workload.has("prefix-groups") ? "prefix-tokens" : "prefix-groups";
      workload.add(
          present,
          "%s is given without %s".formatted(workload.name(present), workload.name(absent)),
          "give both, or neither for prompts that share nothing");
      return null;
    }
    if (input == null || (prefix != null && !fits(prefix, input))) {
      return null;
    }
    return groups == null || prefix == null
        ? new WorkloadSpec.Synthetic(input, 0, 0)
        : new WorkloadSpec.Synthetic(input, groups, prefix);
  }

  private boolean fits(int prefix, TokenRange input) {
    if (prefix < input.min()) {
      return true;
    }
    workload.add(
        "prefix-tokens",
        "%s is %d".formatted(workload.name("prefix-tokens"), prefix),
        "it must be below %s, which is %s and counts the prefix too"
            .formatted(workload.name("input-tokens"), input.text()));
    return false;
  }
}
