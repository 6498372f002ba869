package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One record of a file of prompts: a JSON text, or an object. Unless the plan names its fields, the
 * prompt is {@code prompt}, {@code input} or {@code messages}, and perhaps a field says the number
 * of output tokens.
 *
 * @param messages at least one
 * @param answer text whose length decides how much output is asked for; null for none
 * @param outputTokens tokens to ask for; null when the record does not say
 */
record PromptRecord(
    List<Message> messages, @Nullable String answer, @Nullable Integer outputTokens) {

  private static final List<String> PROMPT_FIELDS = List.of("prompt", "messages", "input");
  private static final List<String> OUTPUT_FIELDS =
      List.of("output_tokens", "output_length", "output_len", "max_tokens");
  private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

  static PromptRecord read(JsonNode node, RecordFields fields) throws MalformedRecordException {
    String answer = fields.answer() == null ? null : answer(node, fields.answer());
    Integer outputTokens =
        outputTokens(
            node, fields.outputTokens() == null ? OUTPUT_FIELDS : List.of(fields.outputTokens()));
    return new PromptRecord(messages(node, fields), answer, outputTokens);
  }

  private static List<Message> messages(JsonNode node, RecordFields fields)
      throws MalformedRecordException {
    String named = fields.prompt();
    if (named != null && named.contains("{")) {
      return Prompt.messages(filled(named, node));
    }
    if (named == null && node.isTextual()) {
      return text(node, "the record");
    }
    for (String field : named == null ? PROMPT_FIELDS : List.of(named)) {
      JsonNode prompt = node.get(field);
      if (prompt != null && !prompt.isNull()) {
        return prompt.isArray() ? turns(prompt) : text(prompt, field);
      }
    }
    throw new MalformedRecordException(
        "found %s; expected %s"
            .formatted(
                kind(node),
                named == null
                    ? "a text, or an object with `prompt`, `messages` or `input`"
                    : "an object with `" + named + "`"));
  }

  /** A template whose columns in braces are replaced by the record's values. */
  private static String filled(String template, JsonNode node) throws MalformedRecordException {
    StringBuilder text = new StringBuilder();
    Matcher column = COLUMN.matcher(template);
    while (column.find()) {
      JsonNode value = node.get(column.group(1));
      if (value == null || value.isContainerNode() || value.isNull()) {
        throw new MalformedRecordException(
            "found %s; expected an object with a text `%s`".formatted(kind(node), column.group(1)));
      }
      column.appendReplacement(text, Matcher.quoteReplacement(value.asText()));
    }
    return column.appendTail(text).toString();
  }

  private static String answer(JsonNode node, String field) throws MalformedRecordException {
    JsonNode answer = node.get(field);
    if (answer == null || !answer.isTextual()) {
      throw new MalformedRecordException(
          "found %s; expected an object with a text `%s`".formatted(kind(node), field));
    }
    return answer.textValue();
  }

  private static List<Message> text(JsonNode node, String where) throws MalformedRecordException {
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw new MalformedRecordException(
          "%s is %s; expected a text that is not empty".formatted(where, kind(node)));
    }
    return Prompt.messages(node.textValue());
  }

  /** Messages, or texts, of which the first is taken: the later ones answer to its answer. */
  private static List<Message> turns(JsonNode array) throws MalformedRecordException {
    return array.path(0).isTextual() ? text(array.get(0), "the first text") : chat(array);
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

  private static @Nullable Integer outputTokens(JsonNode node, List<String> fields)
      throws MalformedRecordException {
    for (String field : fields) {
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
