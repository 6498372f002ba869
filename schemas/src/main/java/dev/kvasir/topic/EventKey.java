package dev.kvasir.topic;

import java.nio.ByteBuffer;

/** Record keys: a run number (8 bytes), followed by an ordinal or a shard (4 bytes), big-endian. */
public final class EventKey {

  /** What a topic's keys are made of. */
  public enum Kind {
    RUN(Long.BYTES),
    REQUEST(Long.BYTES + Integer.BYTES),
    SHARD(Long.BYTES + Integer.BYTES);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }

    /** Length of a key. */
    public int bytes() {
      return bytes;
    }
  }

  private EventKey() {}

  public static byte[] ofRun(long run) {
    return ByteBuffer.allocate(Kind.RUN.bytes).putLong(run).array();
  }

  public static byte[] ofRequest(long run, int ordinal) {
    return ByteBuffer.allocate(Kind.REQUEST.bytes).putLong(run).putInt(ordinal).array();
  }

  public static byte[] ofShard(long run, int shard) {
    return ByteBuffer.allocate(Kind.SHARD.bytes).putLong(run).putInt(shard).array();
  }

  /** The run number in any key. */
  public static long run(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  /** The ordinal in a request's key. */
  public static int ordinal(byte[] key) {
    return ByteBuffer.wrap(key).getInt(Long.BYTES);
  }
}
