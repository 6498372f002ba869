package dev.kvasir.producer.plan;

import dev.kvasir.producer.workload.BenchmarkRules;
import dev.kvasir.producer.workload.KvSizing;
import dev.kvasir.producer.workload.PromptOrder;
import dev.kvasir.producer.workload.Source;
import dev.kvasir.producer.workload.TokenRange;
import org.jspecify.annotations.Nullable;

/** Reads prompts that are made of words. */
final class SyntheticReader {

  private static final Value<Double> RATIO =
      new Value<>(
          "from 0 to below 1, or by SGLang's rules to 1",
          text -> {
            Double ratio = Value.NUMBER.parser().apply(text);
            return ratio == null || ratio < 0 || ratio > 1 ? null : ratio;
          });
  private static final Value<Double> EXPONENT = Value.above(0);

  private final Section workload;
  private final KvSizing.@Nullable WorkingSet workingSet;

  private SyntheticReader(Section workload, @Nullable KvSizing sizing) {
    this.workload = workload;
    this.workingSet =
        sizing != null && sizing.target() instanceof KvSizing.WorkingSet set ? set : null;
  }

  /** The source; null when a problem keeps it from being one. */
  static SourceReader.@Nullable Sourced read(Section workload, @Nullable KvSizing sizing) {
    return new SyntheticReader(workload, sizing).read();
  }

  private SourceReader.@Nullable Sourced read() {
    Integer prefix = prefixTokens();
    Integer groups = prefix == null ? null : groups(prefix);
    TokenRange input = inputTokens(prefix == null ? 0 : prefix);
    PromptOrder order = workload.valueOr("order", SourceReader.ORDER, PromptOrder.RANDOM);
    Double zipf = workload.value("zipf", EXPONENT);
    Integer perGroup = workload.value("prompts-per-group", Value.atLeast(1));
    refuseWithoutGroups();
    if (input == null || prefix == null || groups == null || !fits(prefix, input)) {
      return null;
    }
    if (perGroup != null && workload.has("prompts")) {
      workload.refuse("prompts-per-group", "leave it out, or leave out prompts");
    }
    return new SourceReader.Sourced(
        new Source.Synthetic(input, groups, prefix, order, zipf),
        perGroup == null ? null : (Integer) Math.multiplyExact(perGroup, Math.max(1, groups)));
  }

  /** Shared tokens; 0 for none, 1 where a working set decides, null after a problem. */
  private @Nullable Integer prefixTokens() {
    if (workingSet != null && workingSet.lengths()) {
      return 1;
    }
    if (workload.has("prefix-groups") && !workload.has("prefix-tokens")) {
      workload.add(
          "prefix-groups",
          "%s is given without %s"
              .formatted(workload.name("prefix-groups"), workload.name("prefix-tokens")),
          "give both, or neither for prompts that share nothing");
      return null;
    }
    return workload.has("prefix-tokens")
        ? workload.value("prefix-tokens", Value.atLeast(1))
        : (Integer) 0;
  }

  /** Groups; 0 for none, 1 where a working set decides, null after a problem. */
  private @Nullable Integer groups(int prefix) {
    if (prefix == 0) {
      return 0;
    }
    if (workingSet != null && !workingSet.lengths()) {
      return 1;
    }
    if (!workload.has("prefix-groups")) {
      workload.add(
          "prefix-tokens",
          "%s is given without %s"
              .formatted(workload.name("prefix-tokens"), workload.name("prefix-groups")),
          "give both, or neither for prompts that share nothing");
      return null;
    }
    return workload.value("prefix-groups", Value.atLeast(1));
  }

  /** All tokens of a prompt; null, with a problem noted, when they are not given. */
  private @Nullable TokenRange inputTokens(int prefix) {
    boolean own = workload.has("suffix-tokens");
    if (own && workload.has("input-tokens")) {
      workload.refuse(
          "suffix-tokens",
          "leave it out, or leave out input-tokens: both say how long prompts are");
      return null;
    }
    if (workingSet != null && !own) {
      workload.required("suffix-tokens", Value.TOKENS);
      workload.refuse("input-tokens", "give suffix-tokens: the working set decides the rest");
      return null;
    }
    TokenRange tokens =
        own
            ? workload.value("suffix-tokens", Value.TOKENS)
            : workload.required("input-tokens", Value.TOKENS);
    TokenRange spread = tokens == null ? null : spread(tokens, own ? "suffix" : "input");
    return spread == null || !own ? spread : spread.plus(prefix);
  }

  private @Nullable TokenRange spread(TokenRange tokens, String which) {
    Double ratio = workload.value("range-ratio", RATIO);
    BenchmarkRules rules = workload.valueOr("rules", SourceReader.RULES, BenchmarkRules.VLLM);
    if (!workload.has("range-ratio")) {
      workload.refuse("rules", "leave it out: rules say what range-ratio means, and there is none");
      return tokens;
    }
    if (ratio == null) {
      return null;
    }
    if (!tokens.isFixed() || (rules == BenchmarkRules.VLLM && ratio == 1)) {
      workload.add(
          "range-ratio",
          "%s is %s around %s-tokens of %s"
              .formatted(workload.name("range-ratio"), ratio, which, tokens.text()),
          "give one number of tokens and a ratio " + RATIO.expected());
      return null;
    }
    return rules.range(tokens.min(), ratio);
  }

  private void refuseWithoutGroups() {
    if (!workload.has("prefix-groups") && !workload.has("prefix-tokens")) {
      String why = "leave it out: prompts that share nothing have no groups";
      workload.refuse("order", why);
      workload.refuse("zipf", why);
      workload.refuse("prompts-per-group", why);
    }
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
