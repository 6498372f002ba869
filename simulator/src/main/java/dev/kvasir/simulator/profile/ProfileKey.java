package dev.kvasir.simulator.profile;

import java.util.ArrayList;
import java.util.List;

/** Every key of a profile file, with what its value must be. */
enum ProfileKey {
  DESCRIPTION("description", Kind.TEXT, 0),
  MODEL_NAME("model.name", Kind.TEXT, 0),
  MAX_CONTEXT("model.max-context", Kind.WHOLE, 2),
  MAX_SEQUENCES("scheduler.max-sequences", Kind.WHOLE, 1),
  MAX_STEP_TOKENS("scheduler.max-step-tokens", Kind.WHOLE, 1),
  BLOCK_TOKENS("kv.block-tokens", Kind.WHOLE, 1),
  BLOCKS("kv.blocks", Kind.WHOLE, 1),
  PREFIX_CACHE("kv.prefix-cache", Kind.SWITCH, 0),
  STEP_OVERHEAD("cost.step-overhead", Kind.DURATION, 0),
  WEIGHTS_READ("cost.weights-read", Kind.DURATION, 0),
  COMPUTE_PER_TOKEN("cost.compute-per-token", Kind.DURATION, 0),
  ATTENTION_PER_PAIR("cost.attention-per-pair", Kind.DURATION, 0),
  KV_READ_PER_TOKEN("cost.kv-read-per-token", Kind.DURATION, 0),
  DECODE_PER_SEQUENCE("cost.decode-per-sequence", Kind.DURATION, 0),
  TIME_PER_OUTPUT("output.time-per-token", Kind.DURATION, 0),
  NATURAL_MEDIAN("output.natural-median", Kind.DECIMAL, 1),
  NATURAL_SIGMA("output.natural-sigma", Kind.DECIMAL, 0);

  /** What a value is written like. */
  enum Kind {
    TEXT("a text"),
    WHOLE("a whole number"),
    DECIMAL("a number"),
    SWITCH("true or false"),
    DURATION("a duration such as 13.5ms, 47us or 3.8ns");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }
  }

  private final String path;
  private final Kind kind;
  private final int least;

  ProfileKey(String path, Kind kind, int least) {
    this.path = path;
    this.kind = kind;
    this.least = least;
  }

  String path() {
    return path;
  }

  Kind kind() {
    return kind;
  }

  int least() {
    return least;
  }

  /** For an error message. */
  String expected() {
    return least == 0 ? kind.expected : "%s of at least %d".formatted(kind.expected, least);
  }

  /** What may stand directly in the section {@code prefix}, which is empty or ends in a dot. */
  static List<String> childrenOf(String prefix) {
    List<String> children = new ArrayList<>();
    for (ProfileKey key : values()) {
      if (!key.path.startsWith(prefix)) {
        continue;
      }
      String rest = key.path.substring(prefix.length());
      int dot = rest.indexOf('.');
      String child = dot < 0 ? rest : rest.substring(0, dot);
      if (!children.contains(child)) {
        children.add(child);
      }
    }
    return children;
  }
}
