package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.DatasetKind;
import dev.kvasir.producer.workload.Datasets;
import dev.kvasir.producer.workload.KvSizing;
import dev.kvasir.producer.workload.TokenRange;
import dev.kvasir.producer.workload.WorkloadSpec;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what a plan sends. */
final class WorkloadReader {

  static final List<String> KEYS =
      Stream.concat(
              Stream.of(
                  "kind",
                  "prompts",
                  "reason",
                  "output-tokens",
                  "ignore-eos",
                  "tokenizer",
                  "kv-bytes",
                  "kv-bytes-per-token",
                  "model-shape",
                  "working-set"),
              WorkloadKind.ALL_KEYS.stream())
          .toList();

  static final int DEFAULT_PROMPTS = 1000;

  private static final String EMBEDDED_TOKENIZER = "cl100k";
  private static final String TOKENIZER_FILE = "tokenizer.json";
  private static final Value<WorkloadKind> KIND =
      Value.oneOf(WorkloadKind.values(), WorkloadKind::text);

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
    Integer prompts = workload.value("prompts", Value.atLeast(1));
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
    String tokenizer = tokenizer();
    String file = file();
    WorkloadKind kind = kind(file);
    if (kind == null) {
      return null;
    }
    refuseWhatDoesNotFit(kind, output);
    KvSizing sizing = KvReader.read(workload, kind);
    SourceReader.Sourced sourced = SourceReader.read(workload, kind, file, datasets, sizing);
    if (sourced == null) {
      return null;
    }
    int number = sourced.prompts() != null ? sourced.prompts() : DEFAULT_PROMPTS;
    return new WorkloadSpec(
        sourced.source(),
        prompts != null ? prompts : number,
        output,
        ignoreEos,
        reason,
        tokenizer,
        sizing);
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

  /** The full name of the tokenizer's file; null for the embedded one. */
  private @Nullable String tokenizer() {
    String tokenizer = workload.value("tokenizer", Value.TEXT);
    if (tokenizer == null || tokenizer.equals(EMBEDDED_TOKENIZER)) {
      return null;
    }
    for (String file : List.of(tokenizer, tokenizer + "/" + TOKENIZER_FILE)) {
      if (datasets.readable(file)) {
        return datasets.resolve(file);
      }
    }
    workload.add(
        "tokenizer",
        "%s is %s, and there is no such file, nor a %s in a folder of that name"
            .formatted(workload.name("tokenizer"), tokenizer, TOKENIZER_FILE),
        "give %s, or a model's %s or its folder, relative to the plan's folder"
            .formatted(EMBEDDED_TOKENIZER, TOKENIZER_FILE));
    return null;
  }

  private @Nullable WorkloadKind kind(@Nullable String file) {
    if (workload.has("kind")) {
      return workload.value("kind", KIND);
    }
    if (file != null) {
      return WorkloadKind.of(DatasetKind.of(file, datasets));
    }
    if (workload.has("file")) {
      return null;
    }
    for (WorkloadKind made :
        List.of(WorkloadKind.SESSIONS, WorkloadKind.LONG_DOCUMENTS, WorkloadKind.SYNTHETIC)) {
      if (WorkloadKind.ALL_KEYS.stream()
          .anyMatch(key -> workload.has(key) && WorkloadKind.having(key).equals(made.text()))) {
        return made;
      }
    }
    if (workload.has("input-tokens") || workload.has("prefix-groups")) {
      return WorkloadKind.SYNTHETIC;
    }
    workload.add(
        "kind",
        "%s and %s are missing".formatted(workload.name("kind"), workload.name("file")),
        "give a file of prompts, or input-tokens for synthetic ones");
    return null;
  }

  private void refuseWhatDoesNotFit(WorkloadKind kind, @Nullable TokenRange output) {
    for (String key : WorkloadKind.ALL_KEYS) {
      if (!kind.has(key)) {
        workload.refuse(
            key,
            "leave it out: it belongs to %s, and these prompts are %s"
                .formatted(WorkloadKind.having(key), kind.text()));
      }
    }
    boolean ownLengths = kind == WorkloadKind.SHAREGPT || kind == WorkloadKind.PROMPTS;
    if (ownLengths && output != null && !output.isFixed()) {
      workload.add(
          "output-tokens",
          "%s is %s".formatted(workload.name("output-tokens"), output.text()),
          "it must be one number: prompts of a file cannot have a range");
    }
  }
}
