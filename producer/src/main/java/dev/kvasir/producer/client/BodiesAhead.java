package dev.kvasir.producer.client;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Request bodies, written ahead of their dispatch by another thread. A body that is not ready in
 * time is written by the taker.
 */
final class BodiesAhead {

  private static final int LOOK_AHEAD = 512;

  private final PhaseLoad load;
  private final Executor writer;
  private final AtomicReferenceArray<byte[]> bodies;

  BodiesAhead(PhaseLoad load, Executor writer) {
    this.load = load;
    this.writer = writer;
    this.bodies = new AtomicReferenceArray<>(load.prompts().size());
  }

  /** Writes the first bodies on the calling thread. */
  void fill() {
    for (int index = 0; index < Math.min(LOOK_AHEAD, bodies.length()); index++) {
      bodies.set(index, write(index));
    }
  }

  /** Takes the body of the request at an index, once. */
  byte[] take(int index) {
    int ahead = index + LOOK_AHEAD;
    if (ahead < bodies.length()) {
      writer.execute(() -> bodies.set(ahead, write(ahead)));
    }
    byte[] body = bodies.getAndSet(index, null);
    return body == null ? write(index) : body;
  }

  private byte[] write(int index) {
    return load.frame().dialect().body(load.questions().apply(load.prompts().get(index)));
  }
}
