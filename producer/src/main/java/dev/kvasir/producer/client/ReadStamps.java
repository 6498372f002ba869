package dev.kvasir.producer.client;

import dev.kvasir.time.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnection;

/**
 * Stamps and numbers the socket reads of one connection. It stands first in the pipeline, before
 * TLS and HTTP, so that what is made of a read bears the read's time. Owned by the connection's
 * event loop.
 */
final class ReadStamps extends ChannelInboundHandlerAdapter {

  private static final String NAME = "read-stamps";

  private final Ticker ticker;
  private final ReadTally tally;
  private final BodyTap body = new BodyTap();
  private long nanos;
  private int batch;

  private ReadStamps(Ticker ticker, ReadTally tally) {
    this.ticker = ticker;
    this.tally = tally;
  }

  /** Puts stamps on a connection that has just been made; its failures go to its requests. */
  static void install(HttpConnection connection, Ticker ticker, ReadTally tally) {
    connection.exceptionHandler(failure -> {});
    ChannelHandlerContext vertx = pipeline(connection);
    ReadStamps stamps = new ReadStamps(ticker, tally);
    vertx.pipeline().addFirst(NAME, stamps).addBefore(vertx.name(), BodyTap.NAME, stamps.body);
  }

  /** The stamps of a connection. */
  static ReadStamps of(HttpConnection connection) {
    return (ReadStamps) pipeline(connection).pipeline().get(NAME);
  }

  private static ChannelHandlerContext pipeline(HttpConnection connection) {
    return ((HttpClientConnection) connection).channelHandlerContext();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) throws Exception {
    nanos = ticker.nanos();
    batch++;
    tally.read(read instanceof ByteBuf bytes ? bytes.readableBytes() : 0);
    super.channelRead(context, read);
  }

  /** Monotonic nanoseconds of the latest read. */
  long nanos() {
    return nanos;
  }

  /** Where the bodies of the connection's answers come by. */
  BodyTap body() {
    return body;
  }

  /** Number of the latest read, from 1. */
  int batch() {
    return batch;
  }
}
