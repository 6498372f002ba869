package dev.kvasir.streams.pane;

import java.nio.ByteBuffer;

/** Signed numbers of any size in as few bytes as they need: zigzag, then seven bits a byte. */
final class Varint {

  static final int MAX_BYTES = 10;

  private Varint() {}

  static void put(ByteBuffer out, long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  static long get(ByteBuffer in) {
    long rest = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      rest |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (rest >>> 1) ^ -(rest & 1);
      }
    }
    throw new IllegalArgumentException("a number has more than " + MAX_BYTES + " bytes");
  }
}
