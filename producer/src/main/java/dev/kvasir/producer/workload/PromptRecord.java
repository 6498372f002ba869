package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
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
 * @param answer text whose length decides how much output is asked for: the field that the plan
 *     names, or the last answer of a chat that says no number of tokens; null for none
 * @param outputTokens tokens to ask for; null when the record does not say
 */
record PromptRecord(
    List<Message> messages, @Nullable String answer, @Nullable Integer outputTokens) {

  private static final List<String> PROMPT_FIELDS = List.of("prompt", "messages", "input");
  private static final List<String> OUTPUT_FIELDS =
      List.of("output_tokens", "output_length", "output_len", "max_tokens");
  private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");

  static PromptRecord read(JsonNode node, RecordFields fields) throws MalformedRecordException {
    Integer outputTokens =
        outputTokens(
            node, fields.outputTokens() == null ? OUTPUT_FIELDS : List.of(fields.outputTokens()));
    Chat chat = chat(node, fields);
    if (fields.answer() != null) {
      return new PromptRecord(chat.messages(), answer(node, fields.answer()), outputTokens);
    }
    String answer = outputTokens == null ? chat.answer() : null;
    return new PromptRecord(chat.messages(), answer, outputTokens);
  }

  private static Chat chat(JsonNode node, RecordFields fields) throws MalformedRecordException {
    String named = fields.prompt();
    if (named != null && named.contains("{")) {
      return new Chat(Prompt.messages(filled(named, node)), null);
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

  private static Chat text(JsonNode node, String where) throws MalformedRecordException {
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw new MalformedRecordException(
          "%s is %s; expected a text that is not empty".formatted(where, kind(node)));
    }
    return new Chat(Prompt.messages(node.textValue()), null);
  }

  /** Messages, or texts, of which the first is taken: the later ones answer to its answer. */
  private static Chat turns(JsonNode array) throws MalformedRecordException {
    return array.path(0).isTextual() ? text(array.get(0), "the first text") : Chat.read(array);
  }

  private static @Nullable Integer outputTokens(JsonNode node, List<String> fields)
      throws MalformedRecordException {
    for (String field : fields) {
      JsonNode tokens = node.get(field);
      if (tokens == null || tokens.isNull()) {
        continue;
      }
      Integer whole = tokens.isNumber() ? whole(tokens) : null;
      if (whole == null) {
        throw new MalformedRecordException(
            "%s is %s; expected a whole number of at least 1".formatted(field, tokens));
      }
      return whole;
    }
    return null;
  }

  /** A whole number of at least 1, such as 128 or 128.0; null for anything else. */
  static @Nullable Integer whole(JsonNode node) {
    try {
      int number = new BigDecimal(node.asText()).intValueExact();
      return number < 1 ? null : (Integer) number;
    } catch (NumberFormatException | ArithmeticException notWhole) {
      return null;
    }
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
