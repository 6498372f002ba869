package dev.kvasir.producer.exchange;

import org.jspecify.annotations.Nullable;

/** What one message of an answer's stream says. */
public sealed interface Message {

  /**
   * A part of the answer.
   *
   * @param choices whether it has a choice, even an empty one
   * @param content output text; empty when there is none
   * @param reasoning reasoning text; empty when there is none
   * @param finishReason why the server stopped; null while it goes on
   * @param usage token counts so far; null when the message has none
   */
  record Chunk(
      boolean choices,
      String content,
      String reasoning,
      @Nullable String finishReason,
      @Nullable Usage usage)
      implements Message {

    boolean hasOutput() {
      return !content.isEmpty() || !reasoning.isEmpty();
    }
  }

  /**
   * Token counts as the server has them; null where it does not say.
   *
   * @param promptTokens tokens of the prompt
   * @param outputTokens tokens generated so far
   * @param cachedTokens prompt tokens that came from a cache
   */
  record Usage(
      @Nullable Integer promptTokens,
      @Nullable Integer outputTokens,
      @Nullable Integer cachedTokens) {}

  /** The server says that it failed. */
  record ServerError(String text) implements Message {}

  /** The message is not what the protocol allows. */
  record Unreadable(String reason) implements Message {}

  /** The end marker of the stream. */
  record Done() implements Message {}
}
