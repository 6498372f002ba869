package dev.kvasir.simulator.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/** Sends with a {@link Fault}. */
final class FaultyWriter implements EventWriter {
  private static final long DRIP_NANOS = 1_000_000;

  /** A piece to send; {@code index} is −1 where it carries no tokens. */
  private record Piece(Buffer bytes, int index, int tokens, long intendedNanos, boolean last) {}

  private final Fault fault;
  private final HttpServerResponse response;
  private final Channel channel;
  private final EventLoop loop;
  private final EpochClock clock;
  private final Listener listener;
  private final ArrayDeque<Piece> queue = new ArrayDeque<>();
  private int chunks;
  private int sentBytes;
  private boolean held;
  private boolean stalled;
  private boolean broken;

  FaultyWriter(
      Fault fault,
      HttpServerResponse response,
      Channel channel,
      EventLoop loop,
      EpochClock clock,
      Listener listener) {
    this.fault = fault;
    this.response = response;
    this.channel = channel;
    this.loop = loop;
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public void chunk(ByteBuf bytes, int index, int tokens, long intendedNanos) {
    queue.add(new Piece(heapCopy(bytes), index, tokens, intendedNanos, false));
    pump();
  }

  @Override
  public void end(ByteBuf bytes) {
    queue.add(new Piece(heapCopy(bytes), -1, 0, 0, true));
    pump();
  }

  private static Buffer heapCopy(ByteBuf bytes) {
    try {
      return Buffer.buffer(ByteBufUtil.getBytes(bytes));
    } finally {
      bytes.release();
    }
  }

  private void pump() {
    while (!held && !broken && !response.closed() && !queue.isEmpty()) {
      send(queue.element());
    }
  }

  private void send(Piece piece) {
    switch (fault) {
      case Fault.Stall stall when !stalled && piece.index() >= stall.index() -> {
        stalled = true;
        holdFor(stall.duration().toNanos());
      }
      case Fault.Drip drip when piece.bytes().length() - sentBytes > drip.bytes() -> {
        write(piece.bytes().slice(sentBytes, sentBytes + drip.bytes()));
        sentBytes += drip.bytes();
        holdFor(DRIP_NANOS);
      }
      case Fault.ResetAfter reset when chunks >= reset.chunks() -> breakOff(true);
      case Fault.CloseAfter close when chunks >= close.chunks() -> breakOff(false);
      case Fault.Malformed malformed when chunks == malformed.chunks() -> {
        write(Buffer.buffer("data: {\"id\": \"cmpl-cut-off\", \"choices\": [{\"ind\n\n"));
        sendWhole(piece);
      }
      case Fault.Garbage() -> {
        broken = true;
        var _ = response.end(garbage());
        listener.ended();
      }
      default -> sendWhole(piece);
    }
  }

  private void sendWhole(Piece piece) {
    queue.remove();
    Buffer rest = piece.bytes().slice(sentBytes, piece.bytes().length());
    sentBytes = 0;
    if (piece.last()) {
      var _ = response.end(rest);
      listener.ended();
      return;
    }
    long emitted = clock.nanoTime();
    write(rest);
    chunks++;
    listener.sent(piece.index(), piece.tokens(), piece.intendedNanos(), emitted);
  }

  private void write(Buffer bytes) {
    var _ = response.write(bytes);
  }

  private void holdFor(long nanos) {
    held = true;
    var _ =
        loop.schedule(
            () -> {
              held = false;
              pump();
            },
            nanos,
            TimeUnit.NANOSECONDS);
  }

  private void breakOff(boolean reset) {
    broken = true;
    if (reset) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    var _ = channel.close();
  }

  /** Bytes of every value, with line ends among them, and no event. */
  private static Buffer garbage() {
    Buffer bytes = Buffer.buffer("<html>502\r\n\n\n".getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < 1024; i++) {
      bytes.appendByte((byte) (i * 37));
    }
    return bytes;
  }
}
