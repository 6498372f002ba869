package dev.kvasir.producer.workload;

import org.jspecify.annotations.Nullable;

/**
 * Which conversations are used. vLLM's benchmark takes a prompt of 4 to 1,024 tokens, an output of
 * at least 4 tokens (not asked when the length is forced), and at most 2,048 of both together.
 * SGLang's takes 2 tokens or more of each, up to the model's context if that is given.
 *
 * @param rules whose
 * @param contextTokens most tokens of prompt and output together; null for the rules' own limit
 * @param forcedOutputTokens the forced output length; null for that of the conversation's answer
 * @param tokenizer what counts
 */
record ShareGptRules(
    BenchmarkRules rules,
    @Nullable Integer contextTokens,
    @Nullable Integer forcedOutputTokens,
    Tokenizer tokenizer) {

  private static final int VLLM_SHORTEST = 4;
  private static final int VLLM_LONGEST_PROMPT = 1024;
  private static final int VLLM_LONGEST_TOTAL = 2048;
  private static final int SGLANG_SHORTEST = 2;

  /** The conversation's prompt; null when the rules leave it out. */
  @Nullable Prompt prompt(Conversation conversation) {
    String text = conversation.prompt();
    if (text == null) {
      return null;
    }
    int prompt = tokenizer.count(text);
    if (prompt < shortest() || prompt > longestPrompt()) {
      return null;
    }
    Integer output = outputTokens(conversation);
    return output == null || prompt + output > longestTotal()
        ? null
        : Prompt.of(Prompt.messages(text), prompt, output);
  }

  private @Nullable Integer outputTokens(Conversation conversation) {
    if (forcedOutputTokens != null) {
      return forcedOutputTokens;
    }
    String answer = conversation.answer();
    if (answer == null) {
      return null;
    }
    int tokens = tokenizer.count(answer);
    return tokens < shortest() ? null : tokens;
  }

  private int shortest() {
    return switch (rules) {
      case VLLM -> VLLM_SHORTEST;
      case SGLANG -> SGLANG_SHORTEST;
    };
  }

  private int longestPrompt() {
    return switch (rules) {
      case VLLM -> VLLM_LONGEST_PROMPT;
      case SGLANG -> Integer.MAX_VALUE;
    };
  }

  private long longestTotal() {
    if (contextTokens != null) {
      return contextTokens;
    }
    return switch (rules) {
      case VLLM -> VLLM_LONGEST_TOTAL;
      case SGLANG -> Long.MAX_VALUE;
    };
  }
}
