package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The first two turns of a conversation in ShareGPT's shape, whoever speaks them, as vLLM takes
 * them.
 *
 * @param prompt first turn; null when the conversation has fewer than two
 * @param answer second turn; null when the conversation has fewer than two, or when it is not
 *     needed
 */
record Conversation(@Nullable String prompt, @Nullable String answer) {

  /** Reads a conversation; the answer is needed only where its length decides the output's. */
  static Conversation read(JsonNode node, boolean answerNeeded) throws MalformedRecordException {
    JsonNode turns =
        node.has("conversations") ? node.get("conversations") : node.get("conversation");
    if (turns == null || !turns.isArray()) {
      throw new MalformedRecordException(
          "found %s; expected an object with an array `conversations`"
              .formatted(PromptRecord.kind(node)));
    }
    if (turns.size() < 2) {
      return new Conversation(null, null);
    }
    String prompt = value(turns, 0);
    String answer = value(turns, 1);
    return new Conversation(prompt, answerNeeded ? answer : null);
  }

  private static String value(JsonNode turns, int turn) throws MalformedRecordException {
    JsonNode value = turns.get(turn).get("value");
    if (value == null || !value.isTextual()) {
      throw new MalformedRecordException(
          "turn %d of the conversation has no text `value`".formatted(turn + 1));
    }
    return value.textValue();
  }
}
