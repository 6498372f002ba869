package dev.kvasir.producer.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Pieces of answers that servers give. */
public final class Answers {

  public static final String HEAD =
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  public static final String LAST_CHUNK = "0\r\n\r\n";

  private Answers() {}

  /** An HTTP chunk. */
  public static String chunk(String text) {
    return Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length)
        + "\r\n"
        + text
        + "\r\n";
  }

  /** A server-sent event with one piece of output. */
  public static String token(String text) {
    return "data: {\"choices\":[{\"index\":0,\"text\":\"" + text + "\"}]}\n\n";
  }

  /** The events that end a good stream. */
  public static String ending(int outputTokens) {
    return "data: {\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"length\"}]}\n\n"
        + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":"
        + outputTokens
        + "}}\n\ndata: [DONE]\n\n";
  }

  /** A good answer of some tokens. */
  public static String good(int tokens) {
    StringBuilder answer = new StringBuilder(HEAD);
    for (int i = 0; i < tokens; i++) {
      answer.append(chunk(token("t" + i + " ")));
    }
    return answer.append(chunk(ending(tokens))).append(LAST_CHUNK).toString();
  }

  /** An answer with a body of known length. */
  public static String plain(int status, String type, String body) {
    return "HTTP/1.1 %d X\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(status, type, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  public static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
