package dev.kvasir.producer.exchange;

import java.util.Arrays;

/** The first bytes of an answer, kept to say what it was. */
final class Head {

  private static final int MAX_BYTES = 4096;

  private byte[] bytes = new byte[0];

  void add(byte[] more, int from, int to) {
    int length = Math.min(to - from, MAX_BYTES - bytes.length);
    int old = bytes.length;
    bytes = Arrays.copyOf(bytes, old + length);
    System.arraycopy(more, from, bytes, old, length);
  }

  boolean isFull() {
    return bytes.length == MAX_BYTES;
  }

  boolean isEmpty() {
    return bytes.length == 0;
  }

  Message readBy(MessageReader reader) {
    return reader.read(bytes, 0, bytes.length);
  }

  String excerpt() {
    return Excerpt.of(bytes, 0, bytes.length);
  }
}
