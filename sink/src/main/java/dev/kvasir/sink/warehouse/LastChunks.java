package dev.kvasir.sink.warehouse;

import dev.kvasir.event.TokenReceived;
import dev.kvasir.metric.TokenMetrics;
import java.util.Arrays;

/**
 * The last chunk of requests that are under way, to tell which time and read number a next chunk
 * has if it followed directly. It may forget, and then both are stored. Owned by the loader's
 * thread.
 */
final class LastChunks {

  private static final int BITS = 16;
  private static final int SLOTS = 1 << BITS;

  /** No chunk has this index, and no read this number. */
  private static final int NONE = Integer.MIN_VALUE;

  private final long[] requests = new long[SLOTS];
  private final int[] epochs = new int[SLOTS];
  private final int[] indexes = new int[SLOTS];
  private final int[] reads = new int[SLOTS];
  private final long[] times = new long[SLOTS];

  LastChunks() {
    Arrays.fill(indexes, NONE);
  }

  /** Whether a chunk came its gap after the one before it, which is remembered. */
  boolean tellTimeOf(int code, TokenReceived chunk) {
    int slot = slot(request(code, chunk));
    Long gap = chunk.getGapNanos();
    return gap != null && isFollowedBy(slot, code, chunk) && times[slot] + gap == chunk.getAt();
  }

  /** The usual read number of a chunk: its predecessor's, or the next one if the time differs. */
  int expectedRead(int code, TokenReceived chunk) {
    int slot = slot(request(code, chunk));
    if (!isFollowedBy(slot, code, chunk)) {
      return NONE;
    }
    return times[slot] == chunk.getAt() ? reads[slot] : reads[slot] + 1;
  }

  void remember(int code, TokenReceived chunk) {
    long request = request(code, chunk);
    int slot = slot(request);
    requests[slot] = request;
    epochs[slot] = TokenMetrics.epoch(chunk);
    indexes[slot] = chunk.getIndex();
    reads[slot] = chunk.getReadBatch();
    times[slot] = chunk.getAt();
  }

  private boolean isFollowedBy(int slot, int code, TokenReceived chunk) {
    return indexes[slot] != NONE
        && indexes[slot] == chunk.getIndex() - 1
        && requests[slot] == request(code, chunk)
        && epochs[slot] == TokenMetrics.epoch(chunk);
  }

  private static long request(int code, TokenReceived chunk) {
    return ((long) code << Integer.SIZE) | Integer.toUnsignedLong(chunk.getOrdinal());
  }

  private static int slot(long request) {
    long mixed = request * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> (Long.SIZE - BITS));
  }
}
