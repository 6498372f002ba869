package dev.kvasir.producer.loopback;

import dev.kvasir.time.Ticker;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection of the emitter: reads requests and writes a stream for each. */
final class EmittedStream {

  private static final Pattern LENGTH =
      Pattern.compile("content-length: *(\\d+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern ORDINAL =
      Pattern.compile("x-request-id: *\\S*?/(-?\\d+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern TOKENS = Pattern.compile("\"max_tokens\":(\\d+)");

  private static final Buffer HEAD =
      bytes(
          String.join(
              "\r\n",
              "HTTP/1.1 200 OK",
              "content-type: text/event-stream",
              "transfer-encoding: chunked",
              "",
              ""));
  private static final Buffer TOKEN =
      chunk("data: {\"id\":\"loopback\",\"choices\":[{\"index\":0,\"text\":\" token\"}]}\n\n");
  private static final Buffer END =
      chunk("data: {\"choices\":[{\"index\":0,\"text\":\"\",\"finish_reason\":\"length\"}]}\n\n")
          .appendBuffer(chunk("data: [DONE]\n\n"))
          .appendString("0\r\n\r\n");

  private final NetSocket socket;
  private final ContextInternal context;
  private final EventLoop eventLoop;
  private final Ticker ticker;
  private final long periodNanos;
  private final Emission emission;
  private final StringBuilder request = new StringBuilder();
  private int ordinal;
  private int tokens;
  private int index;
  private long startNanos;
  private boolean closed;

  EmittedStream(
      NetSocket socket,
      ContextInternal context,
      Ticker ticker,
      long periodNanos,
      Emission emission) {
    this.socket = socket;
    this.context = context;
    this.eventLoop = context.nettyEventLoop();
    this.ticker = ticker;
    this.periodNanos = periodNanos;
    this.emission = emission;
    socket.handler(this::received);
    socket.closeHandler(end -> closed = true);
    socket.exceptionHandler(failure -> closed = true);
  }

  private static Buffer chunk(String text) {
    return bytes(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  private static Buffer bytes(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void received(Buffer bytes) {
    request.append(bytes.toString(StandardCharsets.ISO_8859_1));
    int end = request.indexOf("\r\n\r\n");
    if (end < 0) {
      return;
    }
    Matcher length = LENGTH.matcher(request);
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    if (request.length() < end + 4 + body) {
      return;
    }
    Matcher asked = TOKENS.matcher(request);
    tokens = asked.find() ? Integer.parseInt(asked.group(1)) : 1;
    Matcher id = ORDINAL.matcher(request);
    ordinal = id.find() ? Integer.parseInt(id.group(1)) : 0;
    request.setLength(0);
    index = 0;
    startNanos = ticker.nanos() + periodNanos;
    var _ = socket.write(HEAD);
    next();
  }

  private void next() {
    long delay = Math.max(0, startNanos + index * periodNanos - ticker.nanos());
    var _ = eventLoop.schedule(() -> context.dispatch(this::emit), delay, TimeUnit.NANOSECONDS);
  }

  private void emit() {
    if (closed) {
      return;
    }
    emission.emitted(ordinal, index, ticker.nanos());
    var _ = socket.write(TOKEN);
    index++;
    if (index < tokens) {
      next();
    } else {
      var _ = socket.write(END);
    }
  }
}
