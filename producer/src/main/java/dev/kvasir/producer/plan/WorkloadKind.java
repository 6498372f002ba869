package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.DatasetKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of workload, and the keys of a plan that each has beside those of all. */
enum WorkloadKind {
  SHAREGPT("file", "shuffle", "lenient", "rules", "context-tokens"),
  PROMPTS("file", "shuffle", "lenient", "fields"),
  SYNTHETIC(
      "input-tokens",
      "suffix-tokens",
      "range-ratio",
      "rules",
      "prefix-groups",
      "prefix-tokens",
      "prompts-per-group",
      "order",
      "zipf"),
  LONG_DOCUMENTS("documents", "document-tokens", "question-tokens", "questions", "order"),
  SESSIONS(
      "sessions",
      "turns",
      "input-tokens",
      "history-tokens",
      "prefix-groups",
      "prefix-tokens",
      "order"),
  TRACE("file", "time-unit", "block-tokens", "context-tokens", "fields", "lenient");

  /** Every key that some kind has and others have not. */
  static final List<String> ALL_KEYS =
      Stream.of(values()).flatMap(kind -> kind.keys.stream()).distinct().toList();

  private final List<String> keys;

  WorkloadKind(String... keys) {
    this.keys = List.of(keys);
  }

  /** The name that plans use. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static WorkloadKind of(DatasetKind kind) {
    return switch (kind) {
      case SHAREGPT -> SHAREGPT;
      case PROMPTS -> PROMPTS;
      case TRACE -> TRACE;
    };
  }

  boolean isRead() {
    return keys.contains("file");
  }

  boolean has(String key) {
    return keys.contains(key);
  }

  /** The kinds that have a key, as text. */
  static String having(String key) {
    return Arrays.stream(values())
        .filter(kind -> kind.has(key))
        .map(WorkloadKind::text)
        .collect(Collectors.joining(", "));
  }
}
