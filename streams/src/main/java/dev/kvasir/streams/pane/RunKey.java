package dev.kvasir.streams.pane;

import java.nio.ByteBuffer;

/** The keys under which a partition keeps its state: a kind, a run number, and what is meant. */
final class RunKey {

  static final byte HEAD = 'h';
  static final byte PANE = 'p';
  static final byte WAIT = 'w';
  static final byte LEASE = 'l';

  private RunKey() {}

  static byte[] head(long run) {
    return ByteBuffer.allocate(1 + Long.BYTES).put(HEAD).putLong(run).array();
  }

  static byte[] pane(long run, long second) {
    return ByteBuffer.allocate(1 + 2 * Long.BYTES).put(PANE).putLong(run).putLong(second).array();
  }

  static byte[] waiting(long run, int ordinal) {
    return request(WAIT, run, ordinal);
  }

  static byte[] lease(long run, int ordinal) {
    return request(LEASE, run, ordinal);
  }

  private static byte[] request(byte kind, long run, int ordinal) {
    return ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES)
        .put(kind)
        .putLong(run)
        .putInt(ordinal)
        .array();
  }
}
