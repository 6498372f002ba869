package dev.kvasir.simulator.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Sends everything at once. Chunks of an HTTP/1.1 body are framed here and handed to the head of
 * the connection's pipeline, in one buffer each.
 */
final class DirectWriter implements EventWriter {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private final HttpServerResponse response;
  private final ChannelHandlerContext head;
  private final EpochClock clock;
  private final Listener listener;

  /**
   * @param head the first handler of the connection's pipeline
   */
  DirectWriter(
      HttpServerResponse response,
      ChannelHandlerContext head,
      EpochClock clock,
      Listener listener) {
    this.response = response;
    this.head = head;
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public void chunk(ByteBuf bytes, int index, int tokens, long intendedNanos) {
    if (response.closed()) {
      bytes.release();
      return;
    }
    if (!response.headWritten()) {
      var _ = response.writeHead();
    }
    frame(bytes);
    long emitted = clock.nanoTime();
    var _ = head.writeAndFlush(bytes, head.voidPromise());
    listener.sent(index, tokens, intendedNanos, emitted);
  }

  @Override
  public void end(ByteBuf bytes) {
    try {
      if (response.closed()) {
        return;
      }
      var _ = response.end(Buffer.buffer(ByteBufUtil.getBytes(bytes)));
      listener.ended();
    } finally {
      bytes.release();
    }
  }

  /** Puts the chunk's size before it, in hexadecimal, and a line end after it (RFC 9112, 7.1). */
  private static void frame(ByteBuf bytes) {
    int size = bytes.readableBytes();
    bytes.writeByte('\r').writeByte('\n');
    int at = bytes.readerIndex() - 2;
    bytes.setByte(at, '\r').setByte(at + 1, '\n');
    for (int rest = size; rest > 0; rest >>>= 4) {
      bytes.setByte(--at, HEX[rest & 15]);
    }
    bytes.readerIndex(at);
  }
}
