package dev.kvasir.producer.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a plan says about the prompts.
 *
 * @param source where they come from
 * @param prompts measured requests of each run, at least 1
 * @param outputTokens the output length to ask for; null for each prompt's own
 * @param ignoreEos whether the server is asked to go on to that length whatever it says
 * @param reason why fewer than 1,000 prompts are enough; null when nobody said
 * @param tokenizer full name of the file of the tokenizer that counts; null for the embedded one
 * @param kv what a prompt costs in the KV cache, and how much of it runs are to fill; null when
 *     nobody said
 */
public record WorkloadSpec(
    Source source,
    int prompts,
    @Nullable TokenRange outputTokens,
    boolean ignoreEos,
    @Nullable String reason,
    @Nullable String tokenizer,
    @Nullable KvSizing kv) {

  public WorkloadSpec {
    if (prompts < 1) {
      throw new IllegalArgumentException("prompts is " + prompts + "; it must be at least 1");
    }
    if (source instanceof Source.Sessions && outputTokens == null) {
      throw new IllegalArgumentException("sessions need the length of their answers");
    }
  }

  /** Prompts that the embedded tokenizer counts. */
  public WorkloadSpec(
      Source source,
      int prompts,
      @Nullable TokenRange outputTokens,
      boolean ignoreEos,
      @Nullable String reason) {
    this(source, prompts, outputTokens, ignoreEos, reason, null, null);
  }

  /** The forced output length; null when it varies or is not forced. */
  public @Nullable Integer fixedOutputTokens() {
    return outputTokens != null && outputTokens.isFixed() ? outputTokens.min() : null;
  }

  TokenRange answerTokens() {
    if (outputTokens == null) {
      throw new IllegalStateException("nobody said how long answers are");
    }
    return outputTokens;
  }

  /**
   * What the draws of prompts depend on beside the seed, as text: where prompts are made, other
   * lengths or numbers give other words, so that no run begins as another one did.
   */
  public String draws() {
    return source.file() == null
        ? "%s %s %d".formatted(source.kind(), source.settings(), prompts)
        : "";
  }

  /** The amounts of KV cache that runs are to fill, each of which makes cells of its own. */
  public List<KvSizing.Point> kvPoints() {
    return kv == null || kv.target() == null ? List.of() : kv.target().points();
  }

  /**
   * The workload that fills an amount of KV cache.
   *
   * @param point one of {@link #kvPoints}
   */
  public WorkloadSpec filling(KvSizing.Point point) {
    return kv == null ? this : KvFilling.fill(this, kv, point);
  }

  /**
   * Bytes that the tokens of a run's prompts take in the KV cache, what prompts share counted once;
   * null when nobody said what a token takes, or when a file decides how many there are.
   */
  public @Nullable Long kvBytes() {
    Long tokens = KvFilling.distinctTokens(this);
    return kv == null || tokens == null ? null : (Long) (kv.bytesPerToken() * tokens);
  }

  /** The same with another source and number of prompts. */
  WorkloadSpec with(Source other, int number) {
    return new WorkloadSpec(other, number, outputTokens, ignoreEos, reason, tokenizer, kv);
  }
}
