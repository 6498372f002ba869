package dev.kvasir.producer.workload;

import org.jspecify.annotations.Nullable;

/**
 * Which conversations vLLM's benchmark uses: a prompt of 4 to 1,024 tokens, an output of at least 4
 * tokens (not asked when the length is forced), and at most 2,048 of both together.
 *
 * @param forcedOutputTokens the forced output length; null for that of the conversation's answer
 * @param tokenizer what counts
 */
record ShareGptRules(@Nullable Integer forcedOutputTokens, Tokenizer tokenizer) {

  private static final int SHORTEST = 4;
  private static final int LONGEST_PROMPT = 1024;
  private static final int LONGEST_TOTAL = 2048;

  /** The conversation's prompt; null when the rules leave it out. */
  @Nullable Prompt prompt(Conversation conversation) {
    String text = conversation.prompt();
    if (text == null) {
      return null;
    }
    int promptTokens = tokenizer.count(text);
    if (promptTokens < SHORTEST || promptTokens > LONGEST_PROMPT) {
      return null;
    }
    Integer outputTokens = outputTokens(conversation);
    if (outputTokens == null || promptTokens + outputTokens > LONGEST_TOTAL) {
      return null;
    }
    return Prompt.of(Prompt.messages(text), promptTokens, outputTokens);
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
    return tokens < SHORTEST ? null : tokens;
  }
}
