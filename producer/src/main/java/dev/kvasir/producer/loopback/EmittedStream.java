package dev.kvasir.producer.loopback;

import dev.kvasir.time.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection of the emitter: reads requests and writes a stream for each. */
final class EmittedStream {

  private static final Pattern LENGTH =
      Pattern.compile("content-length: *(\\d+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern ORDINAL =
      Pattern.compile("x-request-id: *\\S*?/(-?\\d+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern TOKENS = Pattern.compile("\"max_tokens\": ?(\\d+)");

  private static final ByteBuf HEAD =
      bytes(
          String.join(
              "\r\n",
              "HTTP/1.1 200 OK",
              "content-type: text/event-stream",
              "transfer-encoding: chunked",
              "",
              ""));
  private static final ByteBuf TOKEN =
      bytes(
          chunk("data: {\"id\":\"loopback\",\"choices\":[{\"index\":0,\"text\":\" token\"}]}\n\n"));
  private static final ByteBuf END =
      bytes(
          chunk(
                  "data: {\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"length\"}]}\n\n")
              + chunk("data: [DONE]\n\n")
              + "0\r\n\r\n");

  private final ChannelHandlerContext channel;
  private final Ticker ticker;
  private final long periodNanos;
  private final Emission emission;
  private final Supplier<byte[]> log;
  private final Runnable emit = this::emit;
  private final StringBuilder request = new StringBuilder();
  private int ordinal;
  private int tokens;
  private int index;
  private long startNanos;
  private boolean closed;

  /**
   * A stream of a new connection.
   *
   * @param log what {@code GET /emissions} is answered with
   */
  EmittedStream(
      NetSocketInternal socket,
      Ticker ticker,
      long periodNanos,
      Emission emission,
      Supplier<byte[]> log) {
    this.channel = socket.channelHandlerContext();
    this.ticker = ticker;
    this.periodNanos = periodNanos;
    this.emission = emission;
    this.log = log;
    socket.handler(this::received);
    socket.closeHandler(end -> closed = true);
    socket.exceptionHandler(failure -> closed = true);
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static ByteBuf bytes(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    return Unpooled.unreleasableBuffer(Unpooled.directBuffer(ascii.length).writeBytes(ascii));
  }

  private void received(Buffer bytes) {
    request.append(bytes.toString(StandardCharsets.ISO_8859_1));
    int end = request.indexOf("\r\n\r\n");
    if (end < 0) {
      return;
    }
    if (request.indexOf("GET /emissions") == 0) {
      request.setLength(0);
      tellEmissions();
      return;
    }
    Matcher length = LENGTH.matcher(request);
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    if (request.length() < end + 4 + body) {
      return;
    }
    begin();
  }

  private void tellEmissions() {
    byte[] body = log.get();
    String head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: %d\r\n\r\n"
            .formatted(body.length);
    var _ =
        channel.writeAndFlush(
            Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body),
            channel.voidPromise());
  }

  private void begin() {
    Matcher asked = TOKENS.matcher(request);
    tokens = asked.find() ? Integer.parseInt(asked.group(1)) : 1;
    Matcher id = ORDINAL.matcher(request);
    ordinal = id.find() ? Integer.parseInt(id.group(1)) : 0;
    request.setLength(0);
    index = 0;
    startNanos = ticker.nanos() + periodNanos;
    write(HEAD);
    next();
  }

  private void next() {
    long delay = Math.max(0, startNanos + index * periodNanos - ticker.nanos());
    var _ = channel.channel().eventLoop().schedule(emit, delay, TimeUnit.NANOSECONDS);
  }

  private void emit() {
    if (closed) {
      return;
    }
    emission.emitted(ordinal, index, ticker.nanos());
    write(TOKEN);
    index++;
    if (index < tokens) {
      next();
    } else {
      write(END);
    }
  }

  private void write(ByteBuf bytes) {
    var _ = channel.writeAndFlush(bytes.duplicate(), channel.voidPromise());
  }
}
