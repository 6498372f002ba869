package dev.kvasir.producer.sse;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Parses a stream of server-sent events as the HTML standard defines them, however its bytes are
 * split.
 *
 * <p>Lines end in LF, CR or CRLF; a byte order mark at the start, comments and the fields {@code
 * event}, {@code id} and {@code retry} are skipped. The field {@code error}, with which llama.cpp
 * reports a failure in mid-stream, counts as data. A message that lies whole in one slice is handed
 * on without being copied. What follows the last empty line is given up with the stream, or taken
 * as a message by {@link #end}. Not thread-safe.
 */
public final class SseParser {

  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ERROR = "error".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int INITIAL_BYTES = 512;

  private final int limitBytes;
  private final SseSink sink;

  /** A line whose beginning came in an earlier slice. */
  private byte[] line = new byte[INITIAL_BYTES];

  private int lineLength;

  /** Data lines of the message so far, once there is more than the one in the current slice. */
  private byte[] data = new byte[INITIAL_BYTES];

  private int dataLength;

  /** The single data line of the message so far, if it lies in the current slice. */
  private int dataFrom;

  private int dataTo;
  private Held held = Held.NOTHING;
  private boolean skipLineFeed;
  private boolean first = true;
  private boolean failed;

  private enum Held {
    NOTHING,
    SLICE,
    COPY
  }

  /**
   * A parser at the start of a stream.
   *
   * @param limitBytes largest line and largest message
   */
  public SseParser(int limitBytes, SseSink sink) {
    if (limitBytes < 1) {
      throw new IllegalArgumentException(
          "the limit of a message is " + limitBytes + " bytes; it must be at least 1");
    }
    this.limitBytes = limitBytes;
    this.sink = sink;
  }

  /** Takes the next bytes of the stream. */
  public void feed(byte[] bytes, int from, int to) {
    int start = from;
    for (int at = from; at < to && !failed; at++) {
      byte b = bytes[at];
      if (skipLineFeed && at == start) {
        skipLineFeed = false;
        if (b == '\n') {
          start = at + 1;
          continue;
        }
      }
      if (b == '\n' || b == '\r') {
        line(bytes, start, at);
        start = at + 1;
        skipLineFeed = b == '\r';
      }
    }
    if (!failed) {
      keep(bytes, start, to);
    }
  }

  /** The stream ended: an unfinished line and message count as if an empty line followed. */
  public void end() {
    if (failed) {
      return;
    }
    if (lineLength > 0) {
      line(line, 0, 0);
    }
    if (!failed) {
      dispatch(line);
    }
  }

  private void line(byte[] bytes, int from, int to) {
    if (lineLength == 0) {
      if (to - from > limitBytes) {
        fail();
      } else {
        field(bytes, from, to, true);
      }
      return;
    }
    if (!append(bytes, from, to)) {
      return;
    }
    int length = lineLength;
    lineLength = 0;
    field(line, 0, length, false);
  }

  private void field(byte[] bytes, int lineFrom, int to, boolean inSlice) {
    int from = lineFrom;
    if (first) {
      first = false;
      from += startsWith(bytes, from, to, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    }
    if (from == to) {
      dispatch(bytes);
      return;
    }
    int value = value(bytes, from, to);
    if (value >= 0) {
      data(bytes, value, to, inSlice);
    }
  }

  /** Where the value of a data line begins; -1 for any other line. */
  private static int value(byte[] bytes, int from, int to) {
    int name = nameLength(bytes, from, to);
    if (name < 0) {
      return -1;
    }
    int at = from + name;
    if (at == to) {
      return to;
    }
    if (bytes[at] != ':') {
      return -1;
    }
    at++;
    return at < to && bytes[at] == ' ' ? at + 1 : at;
  }

  private static int nameLength(byte[] bytes, int from, int to) {
    if (startsWith(bytes, from, to, DATA)) {
      return DATA.length;
    }
    return startsWith(bytes, from, to, ERROR) ? ERROR.length : -1;
  }

  private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
    return to - from >= prefix.length
        && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }

  private void data(byte[] bytes, int from, int to, boolean inSlice) {
    if (held == Held.NOTHING && inSlice) {
      held = Held.SLICE;
      dataFrom = from;
      dataTo = to;
      return;
    }
    copySlice(bytes);
    if (held == Held.COPY && !join((byte) '\n')) {
      return;
    }
    held = Held.COPY;
    joinAll(bytes, from, to);
  }

  private void dispatch(byte[] bytes) {
    Held message = held;
    int length = dataLength;
    held = Held.NOTHING;
    dataLength = 0;
    switch (message) {
      case NOTHING -> {}
      case SLICE -> sink.message(bytes, dataFrom, dataTo);
      case COPY -> sink.message(data, 0, length);
    }
  }

  /** Copies what must outlive the slice: a held data line and the line that it ends in. */
  private void keep(byte[] bytes, int from, int to) {
    copySlice(bytes);
    if (!failed) {
      append(bytes, from, to);
    }
  }

  private void copySlice(byte[] bytes) {
    if (held == Held.SLICE) {
      held = Held.COPY;
      joinAll(bytes, dataFrom, dataTo);
    }
  }

  private boolean append(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length > limitBytes - lineLength) {
      fail();
      return false;
    }
    line = grown(line, lineLength, length);
    System.arraycopy(bytes, from, line, lineLength, length);
    lineLength += length;
    return true;
  }

  private boolean join(byte b) {
    if (dataLength == limitBytes) {
      fail();
      return false;
    }
    data = grown(data, dataLength, 1);
    data[dataLength++] = b;
    return true;
  }

  private void joinAll(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length > limitBytes - dataLength) {
      fail();
      return;
    }
    data = grown(data, dataLength, length);
    System.arraycopy(bytes, from, data, dataLength, length);
    dataLength += length;
  }

  private static byte[] grown(byte[] bytes, int length, int more) {
    if (bytes.length - length >= more) {
      return bytes;
    }
    return Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
  }

  private void fail() {
    failed = true;
    line = new byte[0];
    data = new byte[0];
    sink.oversize(limitBytes);
  }
}
