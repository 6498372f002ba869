package dev.kvasir.producer.client;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many socket reads an event loop has made and what they brought. The loop's thread writes, any
 * thread reads.
 */
public final class ReadTally {

  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong pieces = new AtomicLong();

  void read(int count) {
    reads.setRelease(reads.getPlain() + 1);
    bytes.setRelease(bytes.getPlain() + count);
  }

  void piece() {
    pieces.setRelease(pieces.getPlain() + 1);
  }

  /** Socket reads so far. */
  public long reads() {
    return reads.getAcquire();
  }

  /** Bytes so far, as they came from the socket. */
  public long bytes() {
    return bytes.getAcquire();
  }

  /** Pieces of answers' bodies so far: more than one in a read have waited for each other. */
  public long pieces() {
    return pieces.getAcquire();
  }
}
