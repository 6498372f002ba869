package dev.kvasir.simulator.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of completion requests for one model. */
final class RequestReader {
  private static final JsonMapper JSON = new JsonMapper();

  /** OpenAI's default for completions; a chat may fill the context. */
  private static final int COMPLETION_TOKENS = 16;

  private final String model;
  private final int maxContext;

  RequestReader(String model, int maxContext) {
    this.model = model;
    this.maxContext = maxContext;
  }

  /**
   * @param fault the header that asks for a fault
   * @throws ApiException if it cannot be served
   */
  ApiRequest read(boolean chat, byte[] body, @Nullable String fault) {
    JsonNode root = parse(body);
    checkModel(root);
    if (integer(root, "n", 1, 1) != 1) {
      throw ApiException.bad("n", "n is not 1; expected one choice");
    }
    int[] prompt = chat ? chatPrompt(root) : completionPrompt(root);
    int maxTokens = maxTokens(root, chat, prompt.length);
    int minTokens = integer(root, "min_tokens", 0, 0);
    if (minTokens > maxTokens) {
      throw ApiException.bad(
          "min_tokens",
          "min_tokens is %d; expected at most max_tokens, %d".formatted(minTokens, maxTokens));
    }
    boolean stream = flag(root, "stream");
    JsonNode options = root.path("stream_options");
    if (!stream && options.isObject()) {
      throw ApiException.bad(
          "stream_options", "stream_options without stream; expected stream: true");
    }
    boolean includeUsage = flag(options, "include_usage");
    String asked =
        root.path("kvasir_fault").isTextual() ? root.path("kvasir_fault").asText() : fault;
    return new ApiRequest(
        chat,
        prompt,
        maxTokens,
        minTokens,
        flag(root, "ignore_eos"),
        stream,
        includeUsage,
        includeUsage && flag(options, "continuous_usage_stats"),
        root.path("seed").asLong(0),
        Fault.parse(asked));
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      if (root != null && root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw ApiException.bad(
          null,
          "the body is no JSON (%s); expected a JSON object".formatted(e.getOriginalMessage()));
    } catch (IOException e) {
      throw ApiException.bad(null, "the body is no JSON (%s)".formatted(e.getMessage()));
    }
    throw ApiException.bad(null, "the body is no JSON object; expected one");
  }

  private void checkModel(JsonNode root) {
    JsonNode asked = root.path("model");
    if (!asked.isMissingNode() && !asked.isNull() && !asked.asText().equals(model)) {
      throw new ApiException(
          404,
          "model",
          "the model %s does not exist; this server has %s".formatted(asked.asText(), model));
    }
  }

  private int maxTokens(JsonNode root, boolean chat, int promptTokens) {
    int room = maxContext - promptTokens;
    int fallback = chat ? Math.max(1, room) : COMPLETION_TOKENS;
    int maxTokens =
        integer(root, "max_completion_tokens", integer(root, "max_tokens", fallback, 1), 1);
    if (maxTokens > room) {
      throw ApiException.bad(
          "max_tokens",
          "this model's context is %d tokens; %d were asked for, %d in the prompt and %d in the completion"
              .formatted(maxContext, (long) promptTokens + maxTokens, promptTokens, maxTokens));
    }
    return maxTokens;
  }

  private static int[] completionPrompt(JsonNode root) {
    JsonNode prompt = root.path("prompt");
    if (prompt.isArray() && prompt.size() == 1 && !prompt.get(0).isNumber()) {
      prompt = prompt.get(0);
    }
    if (prompt.isTextual() && !prompt.asText().isEmpty()) {
      int[] ids = new int[TextTokens.count(prompt.asText())];
      TextTokens.encode(prompt.asText(), ids, 0);
      return ids;
    }
    if (prompt.isArray() && !prompt.isEmpty()) {
      return tokenIds(prompt);
    }
    throw ApiException.bad(
        "prompt", "prompt is missing or empty; expected one text or one array of token ids");
  }

  private static int[] tokenIds(JsonNode array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = array.get(i);
      if (!id.isInt() || id.intValue() < 0) {
        throw ApiException.bad("prompt", "prompt[%d] is %s; expected a token id".formatted(i, id));
      }
      ids[i] = id.intValue();
    }
    return ids;
  }

  /** Every message is a token for its role and those of its text; one more opens the answer. */
  private static int[] chatPrompt(JsonNode root) {
    JsonNode messages = root.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw ApiException.bad(
          "messages", "messages is missing or empty; expected an array of role and content");
    }
    List<String> texts = new ArrayList<>();
    int count = 1;
    for (int i = 0; i < messages.size(); i++) {
      JsonNode role = messages.get(i).path("role");
      if (!role.isTextual()) {
        throw ApiException.bad("messages", "messages[%d] has no role; expected one".formatted(i));
      }
      String text = contentOf(messages.get(i), i);
      texts.add(role.asText());
      texts.add(text);
      count += 1 + TextTokens.count(text);
    }
    int[] ids = new int[count];
    int at = 0;
    for (int i = 0; i < texts.size(); i += 2) {
      ids[at++] = roleId(texts.get(i));
      TextTokens.encode(texts.get(i + 1), ids, at);
      at += TextTokens.count(texts.get(i + 1));
    }
    ids[at] = roleId("assistant");
    return ids;
  }

  /** An id that no text has. */
  private static int roleId(String role) {
    return Integer.MAX_VALUE - (role.hashCode() & 0xffff);
  }

  private static String contentOf(JsonNode message, int index) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.asText();
    }
    if (!content.isArray()) {
      throw ApiException.bad(
          "messages",
          "messages[%d].content is neither a text nor an array of parts".formatted(index));
    }
    StringBuilder text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText("")));
    return text.toString();
  }

  private static int integer(JsonNode node, String field, int fallback, int least) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isInt() || value.intValue() < least) {
      throw ApiException.bad(
          field, "%s is %s; expected a whole number of at least %d".formatted(field, value, least));
    }
    return value.intValue();
  }

  private static boolean flag(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw ApiException.bad(field, "%s is %s; expected true or false".formatted(field, value));
    }
    return value.booleanValue();
  }
}
