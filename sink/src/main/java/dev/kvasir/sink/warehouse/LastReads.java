package dev.kvasir.sink.warehouse;

import dev.kvasir.event.TokenReceived;

/**
 * The last chunk of requests that are under way, to tell which read number a next chunk has if its
 * read followed directly. It may forget, and then the number is stored. Owned by the loader's
 * thread.
 */
final class LastReads {

  private static final int SLOTS = 1 << 16;

  /** No read has this number. */
  private static final int NONE = Integer.MIN_VALUE;

  private final long[] requests = new long[SLOTS];
  private final int[] indexes = new int[SLOTS];
  private final int[] reads = new int[SLOTS];
  private final long[] times = new long[SLOTS];

  LastReads() {
    java.util.Arrays.fill(indexes, NONE);
  }

  /** The usual read number of a chunk: its predecessor's, or the next one if the time differs. */
  int expected(int code, TokenReceived chunk) {
    long request = request(code, chunk);
    int slot = slot(request);
    boolean follows =
        requests[slot] == request && indexes[slot] != NONE && indexes[slot] == chunk.getIndex() - 1;
    if (!follows) {
      return NONE;
    }
    return times[slot] == chunk.getAt() ? reads[slot] : reads[slot] + 1;
  }

  void remember(int code, TokenReceived chunk) {
    long request = request(code, chunk);
    int slot = slot(request);
    requests[slot] = request;
    indexes[slot] = chunk.getIndex();
    reads[slot] = chunk.getReadBatch();
    times[slot] = chunk.getAt();
  }

  private static long request(int code, TokenReceived chunk) {
    return ((long) code << Integer.SIZE) | Integer.toUnsignedLong(chunk.getOrdinal());
  }

  private static int slot(long request) {
    long mixed = request * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> (Long.SIZE - 16));
  }
}
