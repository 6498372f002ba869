package dev.kvasir.producer.workload;

import java.util.Locale;

/** Whose rules prompts are chosen or drawn by. */
public enum BenchmarkRules {
  /** Those of {@code vllm bench serve}. */
  VLLM,
  /** Those of {@code sglang.bench_serving}. */
  SGLANG;

  /** The name that plans use. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The lengths that a range ratio means. vLLM draws from {@code ⌊tokens·(1−ratio)⌋} to {@code
   * ⌈tokens·(1+ratio)⌉}, SGLang from {@code ⌊tokens·ratio⌋} to {@code tokens}; at least 1 both.
   *
   * @param ratio 0 to below 1 by vLLM's rules, 0 to 1 by SGLang's
   */
  public TokenRange range(int tokens, double ratio) {
    return switch (this) {
      case VLLM ->
          new TokenRange(
              Math.max(1, (int) Math.floor(tokens * (1 - ratio))),
              Math.max(1, (int) Math.ceil(tokens * (1 + ratio))));
      case SGLANG -> new TokenRange(Math.max(1, (int) (tokens * ratio)), tokens);
    };
  }
}
