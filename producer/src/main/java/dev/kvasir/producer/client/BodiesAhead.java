package dev.kvasir.producer.client;

import dev.kvasir.producer.workload.Prompt;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Request bodies, written ahead of their dispatch by another thread. A body that is not ready in
 * time is written by the taker.
 */
final class BodiesAhead {

  private static final int MOST_AHEAD = 512;
  private static final long BYTES_AHEAD = 16L << 20;
  private static final int BYTES_PER_TOKEN = 6;

  private final PhaseLoad load;
  private final Executor writer;
  private final int lookAhead;
  private final Map<Integer, byte[]> bodies = new ConcurrentHashMap<>();

  BodiesAhead(PhaseLoad load, Executor writer) {
    this.load = load;
    this.writer = writer;
    this.lookAhead = lookAhead(load);
  }

  /** So many bodies that the longest prompts do not fill the heap. */
  private static int lookAhead(PhaseLoad load) {
    long longest = load.prompts().stream().mapToLong(Prompt::promptTokens).max().orElse(0);
    return Math.clamp(BYTES_AHEAD / Math.max(1, BYTES_PER_TOKEN * longest), 1, MOST_AHEAD);
  }

  /** Writes the first bodies on the calling thread. */
  void fill() {
    for (int index = 0; index < Math.min(lookAhead, load.prompts().size()); index++) {
      bodies.put(index, write(index));
    }
  }

  /** Takes the body of the request at an index, once. */
  byte[] take(int index) {
    int ahead = index + lookAhead;
    if (ahead >= 0 && ahead < load.end()) {
      writer.execute(() -> bodies.put(ahead, write(ahead)));
    }
    byte[] body = bodies.remove(index);
    return body == null ? write(index) : body;
  }

  private byte[] write(int index) {
    return load.frame().dialect().body(load.question(index));
  }
}
