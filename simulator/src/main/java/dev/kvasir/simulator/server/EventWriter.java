package dev.kvasir.simulator.server;

import io.netty.buffer.ByteBuf;

/** Sends the pieces of one response body, and releases them. Lives on the server's event loop. */
interface EventWriter {
  /** Bytes in front of a piece that the writer may use. */
  int HEADROOM = 10;

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
  void chunk(ByteBuf bytes, int index, int tokens, long intendedNanos);

  /** Sends what carries no tokens, and ends the response. */
  void end(ByteBuf bytes);
}
