package dev.kvasir.simulator.server;

import io.vertx.core.buffer.Buffer;

/** Sends the pieces of one response body. Lives on the server's event loop. */
interface EventWriter {

  /** Hears what was sent. */
  interface Listener {
    /**
     * A write carried tokens.
     *
     * @param emittedNanos right before the last byte was handed to the socket
     */
    void sent(int index, int tokens, long intendedNanos, long emittedNanos);

    /** The response ended in good order. */
    void ended();
  }

  /** Sends a piece that carries {@code tokens} tokens, the first of them at {@code index}. */
  void chunk(Buffer bytes, int index, int tokens, long intendedNanos);

  /** Sends what carries no tokens, and ends the response. */
  void end(Buffer bytes);
}
