package dev.kvasir.topic;

import dev.kvasir.event.TokenReceived;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link TokenReceived} that was written with the schema in use, in Avro's binary encoding
 * (Avro 1.12 specification, "Binary encoding"): every integer is a zigzag varint, and a nullable
 * one has its branch before it. Tokens are nearly all events, and Avro's own reader, which can read
 * any schema, takes several times as long. Not thread-safe.
 */
final class TokenReader {

  private static final int MORE = 0x80;
  private static final int BITS = 0x7f;
  private static final int BITS_OF_A_BYTE = 7;

  private byte[] bytes = new byte[0];
  private int position;

  /** Whether records with a schema can be read. */
  static boolean reads(Schema written) {
    return written.equals(TokenReceived.getClassSchema());
  }

  /**
   * Reads a record.
   *
   * @param from index of its first byte
   * @throws IndexOutOfBoundsException if the bytes end before the record does
   */
  TokenReceived read(byte[] value, int from) {
    bytes = value;
    position = from;
    return new TokenReceived(
        readLong(),
        readInt(),
        readInt(),
        readLong(),
        readNullableInt(),
        readNullableLong(),
        readNullableLong(),
        readNullableLong(),
        readInt(),
        readInt());
  }

  private @Nullable Integer readNullableInt() {
    return isPresent() ? (Integer) readInt() : null;
  }

  private @Nullable Long readNullableLong() {
    return isPresent() ? (Long) readLong() : null;
  }

  private boolean isPresent() {
    long branch = readLong();
    if (branch != 0 && branch != 1) {
      throw new IllegalArgumentException("branch " + branch + " of a union of two");
    }
    return branch == 1;
  }

  private int readInt() {
    return Math.toIntExact(readLong());
  }

  private long readLong() {
    long zigzag = 0;
    int shift = 0;
    byte next;
    do {
      if (shift >= Long.SIZE) {
        throw new IllegalArgumentException("an integer of more than ten bytes");
      }
      next = bytes[position++];
      zigzag |= (long) (next & BITS) << shift;
      shift += BITS_OF_A_BYTE;
    } while ((next & MORE) != 0);
    return zigzag >>> 1 ^ -(zigzag & 1);
  }
}
