package dev.kvasir.producer.workload;

import org.jspecify.annotations.Nullable;

/**
 * What a plan says about the prompts.
 *
 * @param source where they come from
 * @param prompts measured requests of each run, at least 1
 * @param outputTokens the output length to ask for; null for each prompt's own
 * @param ignoreEos whether the server is asked to go on to that length whatever it says
 * @param reason why fewer than 1,000 prompts are enough; null when nobody said
 */
public record WorkloadSpec(
    Source source,
    int prompts,
    @Nullable TokenRange outputTokens,
    boolean ignoreEos,
    @Nullable String reason) {

  public WorkloadSpec {
    if (prompts < 1) {
      throw new IllegalArgumentException("prompts is " + prompts + "; it must be at least 1");
    }
  }

  /** The forced output length; null when it varies or is not forced. */
  public @Nullable Integer fixedOutputTokens() {
    return outputTokens != null && outputTokens.isFixed() ? outputTokens.min() : null;
  }

  /** Where prompts come from. */
  public sealed interface Source {

    /** The kind's name in plans. */
    String kind();

    /** The file that is read; null when prompts are generated. */
    @Nullable String file();
  }

  /**
   * Conversations in ShareGPT's shape, taken by the rules of vLLM's benchmark.
   *
   * @param file full name of the file
   * @param shuffle whether the seed draws the order; else that of the file
   * @param lenient whether records that cannot be read are left out
   */
  public record ShareGpt(String file, boolean shuffle, boolean lenient) implements Source {
    @Override
    public String kind() {
      return "sharegpt";
    }
  }

  /**
   * Prompts, one a record.
   *
   * @param file full name of the file
   * @param shuffle whether the seed draws the order; else that of the file
   * @param lenient whether records that cannot be read are left out
   */
  public record PromptFile(String file, boolean shuffle, boolean lenient) implements Source {
    @Override
    public String kind() {
      return "prompts";
    }
  }

  /**
   * Words drawn at random, of an exact token length.
   *
   * @param inputTokens prompt tokens, a shared prefix included
   * @param prefixGroups groups of prompts that begin alike; 0 for none
   * @param prefixTokens tokens that the prompts of a group share; 0 for none
   */
  public record Synthetic(TokenRange inputTokens, int prefixGroups, int prefixTokens)
      implements Source {
    public Synthetic {
      if (prefixGroups < 0 || prefixTokens < 0 || (prefixGroups == 0) != (prefixTokens == 0)) {
        throw new IllegalArgumentException(
            "%d groups with a prefix of %d tokens".formatted(prefixGroups, prefixTokens));
      }
      if (prefixTokens >= inputTokens.min()) {
        throw new IllegalArgumentException(
            "a prefix of %d tokens in a prompt of %s".formatted(prefixTokens, inputTokens.text()));
      }
    }

    @Override
    public String kind() {
      return "synthetic";
    }

    @Override
    public @Nullable String file() {
      return null;
    }
  }
}
