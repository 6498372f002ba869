package dev.kvasir.producer.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Request bodies, written ahead of their dispatch by another thread. A body that is not ready in
 * time is written by the taker.
 */
final class BodiesAhead {

  private static final int LOOK_AHEAD = 512;

  private final PhaseLoad load;
  private final Executor writer;
  private final Map<Integer, byte[]> bodies = new ConcurrentHashMap<>();

  BodiesAhead(PhaseLoad load, Executor writer) {
    this.load = load;
    this.writer = writer;
  }

  /** Writes the first bodies on the calling thread. */
  void fill() {
    for (int index = 0; index < Math.min(LOOK_AHEAD, load.prompts().size()); index++) {
      bodies.put(index, write(index));
    }
  }

  /** Takes the body of the request at an index, once. */
  byte[] take(int index) {
    int ahead = index + LOOK_AHEAD;
    if (ahead >= 0 && ahead < load.end()) {
      writer.execute(() -> bodies.put(ahead, write(ahead)));
    }
    byte[] body = bodies.remove(index);
    return body == null ? write(index) : body;
  }

  private byte[] write(int index) {
    return load.frame().dialect().body(load.questions().apply(load.prompt(index)));
  }
}
