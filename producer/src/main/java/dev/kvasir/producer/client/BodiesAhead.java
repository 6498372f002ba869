package dev.kvasir.producer.client;

import dev.kvasir.producer.workload.Prompt;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Request bodies, written ahead of their dispatch by another thread. A body that is not ready in
 * time is written by the taker; one that is not taken for long is dropped.
 */
final class BodiesAhead {

  private static final int MOST_AHEAD = 512;
  private static final long BYTES_AHEAD = 16L << 20;
  private static final int BYTES_PER_TOKEN = 6;

  private final PhaseLoad load;
  private final Executor writer;
  private final int lookAhead;
  private final Map<Integer, byte[]> bodies = new ConcurrentHashMap<>();

  /** Indices in the order of their writing; owned by the writer once the phase has begun. */
  private final ArrayDeque<Integer> written = new ArrayDeque<>();

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
      keep(index);
    }
  }

  /** How many bodies wait to be taken. */
  int waiting() {
    return bodies.size();
  }

  /** Takes the body of the request at an index, once. */
  byte[] take(int index) {
    int ahead = index + lookAhead;
    if (ahead >= 0 && ahead < load.end()) {
      writer.execute(() -> keep(ahead));
    }
    byte[] body = bodies.remove(index);
    return body == null ? write(index) : body;
  }

  private void keep(int index) {
    bodies.put(index, write(index));
    written.add(index);
    if (written.size() > 2 * lookAhead) {
      bodies.remove(written.remove());
    }
  }

  private byte[] write(int index) {
    return load.frame().dialect().body(load.question(index));
  }
}
