package dev.kvasir.simulator.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads a request's body up to a limit. */
final class RequestBody {
  /** A million tokens of text with room to spare. */
  static final int MAX_BYTES = 64 << 20;

  private RequestBody() {}

  /** Calls one of the two, once. */
  static void read(
      HttpServerRequest request, Consumer<byte[]> whole, Consumer<ApiException> refused) {
    Buffer body = Buffer.buffer();
    boolean[] tooLong = new boolean[1];
    request.handler(part -> {
      if (tooLong[0]) {
        return;
      }
      if (body.length() + part.length() > MAX_BYTES) {
        tooLong[0] = true;
        refused.accept(
            new ApiException(
                413, null, "the body is over %d bytes; expected less".formatted(MAX_BYTES)));
        return;
      }
      body.appendBuffer(part);
    });
    request.endHandler(_ -> {
      if (!tooLong[0]) {
        whole.accept(body.getBytes());
      }
    });
  }
}
