package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a file of prompts: a JSON text, or an object with {@code prompt}, {@code input} or
 * {@code messages}, and perhaps a number of output tokens.
 *
 * @param messages at least one
 * @param outputTokens tokens to ask for; null when the record does not say
 */
record PromptRecord(List<Message> messages, @Nullable Integer outputTokens) {

  private static final List<String> PROMPT_FIELDS = List.of("prompt", "messages", "input");
  private static final List<String> OUTPUT_FIELDS =
      List.of("output_tokens", "output_length", "output_len", "max_tokens");

  static PromptRecord read(JsonNode node) throws MalformedRecordException {
    if (node.isTextual()) {
      return new PromptRecord(text(node, "the record"), null);
    }
    for (String field : PROMPT_FIELDS) {
      JsonNode prompt = node.get(field);
      if (prompt != null && !prompt.isNull()) {
        List<Message> messages = prompt.isArray() ? chat(prompt) : text(prompt, field);
        return new PromptRecord(messages, outputTokens(node));
      }
    }
    throw new MalformedRecordException(
        "found %s; expected a text, or an object with `prompt`, `messages` or `input`"
            .formatted(kind(node)));
  }

  private static List<Message> text(JsonNode node, String where) throws MalformedRecordException {
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw new MalformedRecordException(
          "%s is %s; expected a text that is not empty".formatted(where, kind(node)));
    }
    return Prompt.messages(node.textValue());
  }

  private static List<Message> chat(JsonNode array) throws MalformedRecordException {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : array) {
      JsonNode role = message.get("role");
      JsonNode content = message.get("content");
      if (role == null || !role.isTextual() || content == null || !content.isTextual()) {
        throw new MalformedRecordException(
            "message %d is %s; expected {\"role\": text, \"content\": text}"
                .formatted(messages.size() + 1, kind(message)));
      }
      messages.add(new Message(role.textValue(), content.textValue()));
    }
    if (messages.isEmpty()) {
      throw new MalformedRecordException("there are no messages; expected at least one");
    }
    return messages;
  }

  private static @Nullable Integer outputTokens(JsonNode node) throws MalformedRecordException {
    for (String field : OUTPUT_FIELDS) {
      JsonNode tokens = node.get(field);
      if (tokens == null || tokens.isNull()) {
        continue;
      }
      if (!tokens.isIntegralNumber() || !tokens.canConvertToInt() || tokens.intValue() < 1) {
        throw new MalformedRecordException(
            "%s is %s; expected a whole number of at least 1".formatted(field, tokens));
      }
      return tokens.intValue();
    }
    return null;
  }

  /** What a node is, short enough for a message. */
  static String kind(JsonNode node) {
    if (!node.isContainerNode()) {
      return node.toString().length() <= 40 ? node.toString() : "a long text";
    }
    if (node.isArray()) {
      return "an array of " + node.size();
    }
    List<String> fields = new ArrayList<>();
    node.fieldNames().forEachRemaining(fields::add);
    return "an object with " + (fields.isEmpty() ? "no fields" : String.join(", ", fields));
  }
}
