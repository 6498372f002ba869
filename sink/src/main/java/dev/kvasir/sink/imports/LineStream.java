package dev.kvasir.sink.imports;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A stream as lines, each a stream of its own that ends before the line feed. One thread's. */
final class LineStream extends InputStream {

  private static final int BUFFER = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private final MessageDigest digest = Hash.sha256();
  private int from;
  private int to;
  private boolean lineEnded = true;
  private long number;

  LineStream(InputStream in) {
    this.in = in;
  }

  /** Goes on to the next line, skipping what is left of this one; false at the end. */
  boolean next() throws IOException {
    skipLine();
    if (!fill()) {
      return false;
    }
    number++;
    lineEnded = false;
    digest.reset();
    return true;
  }

  /** The line's number, from 1. */
  long number() {
    return number;
  }

  /** The next byte of the line without taking it; -1 at its end. */
  int peek() throws IOException {
    if (lineEnded || !fill() || buffer[from] == '\n') {
      return -1;
    }
    return buffer[from] & 0xff;
  }

  /** Reads the rest of the line; the SHA-256 of the whole line, in hexadecimal. */
  String hash() throws IOException {
    skipLine();
    return HexFormat.of().formatHex(digest.digest());
  }

  private void skipLine() throws IOException {
    byte[] rest = new byte[8192];
    int taken = 0;
    while (!lineEnded && taken >= 0) {
      taken = read(rest, 0, rest.length);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (lineEnded || !fill()) {
      lineEnded = true;
      return -1;
    }
    int end = from;
    int limit = Math.min(to, from + length);
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    int count = end - from;
    System.arraycopy(buffer, from, target, offset, count);
    digest.update(buffer, from, count);
    from = end;
    if (from < to && buffer[from] == '\n') {
      from++;
      lineEnded = true;
    }
    return count == 0 ? -1 : count;
  }

  private boolean fill() throws IOException {
    if (from < to) {
      return true;
    }
    from = 0;
    to = Math.max(0, in.read(buffer, 0, buffer.length));
    return to > 0;
  }
}
