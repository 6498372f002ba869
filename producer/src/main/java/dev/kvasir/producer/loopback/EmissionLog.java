package dev.kvasir.producer.loopback;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Remembers when tokens were emitted. As bytes, an emission is 16 of them, big-endian: ordinal (4),
 * index (4) and monotonic nanoseconds (8). Owned by the emitter's event loop.
 */
final class EmissionLog implements Emission {

  /** Bytes of one emission. */
  public static final int RECORD_BYTES = 2 * Integer.BYTES + Long.BYTES;

  private static final int INITIAL_LONGS = 1 << 16;

  private long[] pairs = new long[INITIAL_LONGS];
  private int length;

  /** Warm-up requests, whose ordinals are negative, are not remembered. */
  @Override
  public void emitted(int ordinal, int index, long nanos) {
    if (ordinal < 0) {
      return;
    }
    if (length == pairs.length) {
      pairs = Arrays.copyOf(pairs, length * 2);
    }
    pairs[length++] = ((long) ordinal << Integer.SIZE) | index;
    pairs[length++] = nanos;
  }

  /** What was emitted since the last call, as bytes. */
  byte[] take() {
    ByteBuffer bytes = ByteBuffer.allocate(length * Long.BYTES);
    bytes.asLongBuffer().put(pairs, 0, length);
    length = 0;
    return bytes.array();
  }
}
