package dev.kvasir.producer.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the pieces of an HTTP/1 answer's body to its call as they are decoded, without the copies
 * and queues that lie behind. It stands just before the HTTP client's own handler, which still gets
 * the head and the end of the answer, and everything of HTTP/2. Owned by the connection's event
 * loop.
 */
final class BodyTap extends ChannelInboundHandlerAdapter {

  static final String NAME = "body-tap";

  private @Nullable Consumer<ByteBuf> taker;

  /** Gives the body to a taker, who does not keep the buffers. */
  void open(Consumer<ByteBuf> call) {
    taker = call;
  }

  /** Lets the rest of the body go its usual way. */
  void close() {
    taker = null;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    Consumer<ByteBuf> call = taker;
    if (call == null
        || !(message instanceof HttpContent piece)
        || message instanceof LastHttpContent
        || piece.decoderResult().isFailure()) {
      super.channelRead(context, message);
      return;
    }
    try {
      call.accept(piece.content());
    } finally {
      piece.release();
    }
  }
}
