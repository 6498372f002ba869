package dev.kvasir.simulator.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;

/** The bytes of one request's events and of its answer as a whole, as vLLM writes them. */
final class EventFormat {
  private static final byte[] NOT_FINISHED = bytes("null");
  private static final byte[] EVENT_END = bytes("}\n\n");
  private static final String DONE = "data: [DONE]\n\n";

  private final ApiRequest request;
  private final Answer answer;
  private final String head;
  private final byte[] eventHead;
  private final byte[] afterText;
  private final byte[] finish;

  /**
   * @param id what the client sees as the completion's id
   * @param created epoch seconds
   */
  EventFormat(ApiRequest request, Answer answer, String id, String model, long created) {
    this.request = request;
    this.answer = answer;
    this.head =
        "{\"id\":%s,\"object\":\"%s\",\"created\":%d,\"model\":%s,\"choices\":["
            .formatted(Json.encode(id), object(request), created, Json.encode(model));
    this.eventHead =
        bytes(
            "data: "
                + head
                + "{\"index\":0,"
                + (request.chat() ? "\"delta\":{\"content\":\"" : "\"text\":\""));
    this.afterText =
        bytes((request.chat() ? "\"}" : "\"") + ",\"logprobs\":null,\"finish_reason\":");
    this.finish = bytes('"' + answer.finishReason() + '"');
  }

  /** The event of some tokens; the first one of a chat is led by the event that names the role. */
  Buffer chunk(int index, int tokens, int cachedTokens) {
    Buffer buffer = Buffer.buffer(eventHead.length + afterText.length + 64 + 4 * tokens);
    if (request.chat() && index == 0) {
      buffer.appendString(roleEvent(cachedTokens));
    }
    buffer.appendBytes(eventHead);
    appendWords(buffer, index, tokens);
    boolean last = index + tokens == answer.tokens();
    buffer.appendBytes(afterText).appendBytes(last ? finish : NOT_FINISHED);
    buffer.appendString(request.chat() ? "}]" : ",\"stop_reason\":null}]");
    if (request.continuousUsage()) {
      buffer.appendString(",\"usage\":" + usage(index + tokens, cachedTokens));
    }
    return buffer.appendBytes(EVENT_END);
  }

  /** What follows the last chunk. */
  Buffer end(int cachedTokens) {
    if (!request.includeUsage()) {
      return Buffer.buffer(DONE);
    }
    return Buffer.buffer(
        "data: " + head + "],\"usage\":" + usage(answer.tokens(), cachedTokens) + "}\n\n" + DONE);
  }

  /** The answer as one JSON object. */
  Buffer whole(int cachedTokens) {
    Buffer buffer = Buffer.buffer(head);
    buffer.appendString(
        request.chat()
            ? "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            : "{\"index\":0,\"text\":\"");
    appendWords(buffer, 0, answer.tokens());
    buffer.appendBytes(afterText).appendBytes(finish);
    buffer.appendString(",\"stop_reason\":null}],\"usage\":");
    return buffer.appendString(usage(answer.tokens(), cachedTokens) + "}");
  }

  private void appendWords(Buffer buffer, int index, int tokens) {
    for (int i = index; i < index + tokens; i++) {
      buffer.appendBytes(TextTokens.wordBytes(answer.token(i)));
    }
  }

  private String roleEvent(int cachedTokens) {
    String usage = request.continuousUsage() ? ",\"usage\":" + usage(0, cachedTokens) : "";
    return "data: "
        + head
        + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]"
        + usage
        + "}\n\n";
  }

  private String usage(int outputTokens, int cachedTokens) {
    int prompt = request.prompt().length;
    return "{\"prompt_tokens\":"
        + prompt
        + ",\"total_tokens\":"
        + (prompt + outputTokens)
        + ",\"completion_tokens\":"
        + outputTokens
        + ",\"prompt_tokens_details\":{\"cached_tokens\":"
        + cachedTokens
        + "}}";
  }

  private static String object(ApiRequest request) {
    if (!request.chat()) {
      return "text_completion";
    }
    return request.stream() ? "chat.completion.chunk" : "chat.completion";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
