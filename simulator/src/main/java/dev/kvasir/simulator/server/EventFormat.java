package dev.kvasir.simulator.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of one request's events and of its answer as a whole, as vLLM writes them. Who gets a
 * buffer has to release it, and may write {@link EventWriter#HEADROOM} bytes in front of it.
 */
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
  private final byte[] afterFinish;

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
    this.afterFinish = bytes(request.chat() ? "}]" : ",\"stop_reason\":null}]");
  }

  /**
   * The event of some tokens; the first one of a chat is led by the event that names the role.
   *
   * @param cached what the usage says of prompt tokens that were found, as JSON
   */
  ByteBuf chunk(int index, int tokens, String cached) {
    ByteBuf bytes = buffer(eventHead.length + afterText.length + 64 + 4 * tokens);
    if (request.chat() && index == 0) {
      append(bytes, roleEvent(cached));
    }
    bytes.writeBytes(eventHead);
    appendWords(bytes, index, tokens);
    boolean last = index + tokens == answer.tokens();
    bytes.writeBytes(afterText).writeBytes(last ? finish : NOT_FINISHED).writeBytes(afterFinish);
    if (request.continuousUsage()) {
      append(bytes, ",\"usage\":" + usage(index + tokens, cached));
    }
    return bytes.writeBytes(EVENT_END);
  }

  /** What follows the last chunk. */
  ByteBuf end(String cached) {
    ByteBuf bytes = buffer(512);
    if (request.includeUsage()) {
      String usage = usage(answer.tokens(), cached);
      append(bytes, "data: " + head + "],\"usage\":" + usage + "}\n\n");
    }
    return append(bytes, DONE);
  }

  /** The answer as one JSON object. */
  ByteBuf whole(String cached) {
    ByteBuf bytes = buffer(512 + 4 * answer.tokens());
    append(bytes, head);
    append(
        bytes,
        request.chat()
            ? "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
            : "{\"index\":0,\"text\":\"");
    appendWords(bytes, 0, answer.tokens());
    bytes.writeBytes(afterText).writeBytes(finish);
    append(bytes, ",\"stop_reason\":null}],\"usage\":");
    return append(bytes, usage(answer.tokens(), cached) + "}");
  }

  private static ByteBuf buffer(int bytes) {
    return PooledByteBufAllocator.DEFAULT
        .directBuffer(EventWriter.HEADROOM + bytes)
        .setIndex(EventWriter.HEADROOM, EventWriter.HEADROOM);
  }

  private static ByteBuf append(ByteBuf bytes, String text) {
    return bytes.writeBytes(bytes(text));
  }

  private void appendWords(ByteBuf bytes, int index, int tokens) {
    for (int i = index; i < index + tokens; i++) {
      bytes.writeBytes(TextTokens.wordBytes(answer.token(i)));
    }
  }

  private String roleEvent(String cached) {
    String usage = request.continuousUsage() ? ",\"usage\":" + usage(0, cached) : "";
    return "data: "
        + head
        + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]"
        + usage
        + "}\n\n";
  }

  private String usage(int outputTokens, String cached) {
    int prompt = request.prompt().length;
    return "{\"prompt_tokens\":"
        + prompt
        + ",\"total_tokens\":"
        + (prompt + outputTokens)
        + ",\"completion_tokens\":"
        + outputTokens
        + ",\"prompt_tokens_details\":"
        + cached
        + "}";
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
