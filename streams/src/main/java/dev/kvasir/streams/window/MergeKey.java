package dev.kvasir.streams.window;

import java.nio.ByteBuffer;

/** The keys under which merged runs are kept: a kind, a run number, and what is meant. */
final class MergeKey {

  static final byte PANE = 'p';
  static final byte FOLDED = 'f';
  static final byte PULSE = 'u';
  static final byte WAIT = 'o';
  static final byte ENDED = 'e';
  static final byte PROGRESS = 'n';
  static final byte CLOSED = 'c';

  private MergeKey() {}

  static byte[] pane(long run, int partition, long second) {
    return key(PANE, run, Integer.BYTES + Long.BYTES).putInt(partition).putLong(second).array();
  }

  static byte[] folded(long run, int partition) {
    return key(FOLDED, run, Integer.BYTES).putInt(partition).array();
  }

  static byte[] pulse(long run, int partition) {
    return key(PULSE, run, Integer.BYTES).putInt(partition).array();
  }

  static byte[] waited(long run, long end) {
    return key(WAIT, run, Long.BYTES).putLong(end).array();
  }

  static byte[] ended(long run) {
    return key(ENDED, run, 0).array();
  }

  static byte[] progress(long run) {
    return key(PROGRESS, run, 0).array();
  }

  static byte[] closed(long run) {
    return key(CLOSED, run, 0).array();
  }

  private static ByteBuffer key(byte kind, long run, int length) {
    return ByteBuffer.allocate(1 + Long.BYTES + length).put(kind).putLong(run);
  }
}
