package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in OpenAI's shape.
 *
 * @param messages what is asked, at least one
 * @param answer what the data set has as its answer, which is not sent; null for none
 */
record Chat(List<Message> messages, @Nullable String answer) {

  private static final String ASSISTANT = "assistant";

  Chat {
    messages = List.copyOf(messages);
  }

  static Chat read(JsonNode array) throws MalformedRecordException {
    int asked = array.size();
    while (asked > 0 && role(array, asked - 1).equals(ASSISTANT)) {
      asked--;
    }
    if (asked == 0) {
      throw new MalformedRecordException(
          array.isEmpty()
              ? "there are no messages; expected at least one"
              : "all messages are the assistant's; expected one before them");
    }
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < asked; i++) {
      messages.add(new Message(role(array, i), content(array, i)));
    }
    boolean answered = asked < array.size() && array.get(asked).hasNonNull("content");
    return new Chat(messages, answered ? content(array, asked) : null);
  }

  private static String role(JsonNode array, int index) throws MalformedRecordException {
    JsonNode role = array.get(index).get("role");
    if (role == null || !role.isTextual()) {
      throw malformed(array, index);
    }
    return role.textValue();
  }

  private static String content(JsonNode array, int index) throws MalformedRecordException {
    JsonNode content = array.get(index).get("content");
    if (content != null && content.isTextual()) {
      return content.textValue();
    }
    if (content == null || !content.isArray() || content.isEmpty()) {
      throw malformed(array, index);
    }
    List<String> parts = new ArrayList<>();
    for (JsonNode part : content) {
      JsonNode text = part.get("text");
      if (text == null || !text.isTextual()) {
        throw new MalformedRecordException(
            "message %d has a part of type %s; expected texts only, {\"type\": \"text\", \"text\": …}"
                .formatted(index + 1, part.path("type").asText("unknown")));
      }
      parts.add(text.textValue());
    }
    return String.join("\n", parts);
  }

  private static MalformedRecordException malformed(JsonNode array, int index) {
    return new MalformedRecordException(
        "message %d is %s; expected {\"role\": text, \"content\": text}"
            .formatted(index + 1, PromptRecord.kind(array.get(index))));
  }
}
