package dev.kvasir.producer.exchange;

import java.util.Map;
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
   * @param last whether the message is the stream's end marker as well
   */
  record Chunk(
      boolean choices,
      String content,
      String reasoning,
      @Nullable String finishReason,
      @Nullable Usage usage,
      boolean last)
      implements Message {

    /** A part that is not the end marker. */
    Chunk(
        boolean choices,
        String content,
        String reasoning,
        @Nullable String finishReason,
        @Nullable Usage usage) {
      this(choices, content, reasoning, finishReason, usage, false);
    }

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
   * @param cachedByTier those tokens by the tier that they came from; empty where it does not say
   */
  record Usage(
      @Nullable Integer promptTokens,
      @Nullable Integer outputTokens,
      @Nullable Integer cachedTokens,
      Map<String, Integer> cachedByTier) {

    public Usage {
      cachedByTier = Map.copyOf(cachedByTier);
    }
  }

  /** The server says that it failed. */
  record ServerError(String text) implements Message {}

  /** The message is not what the protocol allows. */
  record Unreadable(String reason) implements Message {}

  /** The end marker of the stream. */
  record Done() implements Message {}
}
