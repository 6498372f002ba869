package dev.kvasir.metric;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;

/** Requests for the tests: due at 1,000 ms, sent at 1,010 ms. */
final class Requests {

  private static final long MS = 1_000_000;

  private Requests() {}

  static RequestFinished.Builder answered(long firstContentMs, long lastContentMs, int tokens) {
    return RequestFinished.newBuilder()
        .setRun(1)
        .setOrdinal(0)
        .setAt(lastContentMs * MS)
        .setOutcome(Outcome.OK)
        .setStatus(200)
        .setDueAt(1_000 * MS)
        .setSentAt(1_010 * MS)
        .setFirstChunkAt(1_040 * MS)
        .setFirstContentAt(firstContentMs * MS)
        .setLastContentAt(lastContentMs * MS)
        .setDoneAt((lastContentMs + 5) * MS)
        .setOutputTokens(tokens)
        .setChunks(tokens)
        .setPhase(Phase.MEASURE)
        .setTimeoutNanos(60_000 * MS);
  }
}
