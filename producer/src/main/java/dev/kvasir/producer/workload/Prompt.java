package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one request asks. Every protocol can send it.
 *
 * @param messages at least one; a bare text is one message of the user. Long ones are composed each
 *     time they are asked for
 * @param promptTokens tokens of {@link #text()} as the client counts them, marks of its start and
 *     end included; a chat template adds more
 * @param outputTokens tokens to ask for; null lets the server decide
 * @param session session that the request belongs to; null for none
 * @param turn turn in its session, from 0; null without a session
 * @param prefixGroup group of prompts that share a prefix, from 0; null for none
 */
public record Prompt(
    List<Message> messages,
    int promptTokens,
    @Nullable Integer outputTokens,
    @Nullable Integer session,
    @Nullable Integer turn,
    @Nullable Integer prefixGroup) {

  public Prompt {
    messages = messages instanceof ComposedMessages ? messages : List.copyOf(messages);
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a prompt needs at least one message");
    }
    if (promptTokens < 0 || (outputTokens != null && outputTokens < 1)) {
      throw new IllegalArgumentException(
          "a prompt of %d tokens asks for %s".formatted(promptTokens, outputTokens));
    }
  }

  /** A prompt outside any session and prefix group. */
  static Prompt of(List<Message> messages, int promptTokens, @Nullable Integer outputTokens) {
    return new Prompt(messages, promptTokens, outputTokens, null, null, null);
  }

  /** The same prompt in another session. */
  Prompt inSession(int other) {
    return new Prompt(messages, promptTokens, outputTokens, other, turn, prefixGroup);
  }

  /** The messages of a bare text. */
  static List<Message> messages(String text) {
    return List.of(new Message("user", text));
  }

  /** The same with a text before its first message; its own token count stays. */
  public Prompt after(String text) {
    List<Message> longer = new ArrayList<>(messages);
    Message first = longer.getFirst();
    longer.set(0, new Message(first.role(), text + first.content()));
    return new Prompt(longer, promptTokens, outputTokens, session, turn, prefixGroup);
  }

  /** The prompt for a protocol that takes a text. */
  public String text() {
    return session == null ? text(messages) : dialogue(messages);
  }

  /** A single message is its content; several are a dialogue. */
  static String text(List<Message> messages) {
    return messages.size() == 1 ? messages.getFirst().content() : dialogue(messages);
  }

  /**
   * Paragraphs {@code role: content} that end in {@code assistant:}, so that the text of a turn
   * begins with that of the turn before it.
   */
  static String dialogue(List<Message> messages) {
    return messages.stream()
        .map(message -> message.role() + ": " + message.content())
        .collect(Collectors.joining("\n\n", "", "\n\nassistant:"));
  }
}
