package dev.kvasir.app.chaos;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the log holds of one request. Not thread-safe. */
final class RequestRecords {

  /** A prime, so that sums of times stay small and say something of every digit. */
  static final long PRIME = 1_000_003;

  private final BitSet indexes = new BitSet();
  private int sent;
  private int ends;
  private long chunks;
  private long tokens;
  private long indexSum;
  private long timeSum;
  private @Nullable Outcome outcome;

  void add(RequestSent event) {
    sent++;
    timeSum += event.getAt() % PRIME;
  }

  void add(RequestFinished event) {
    ends++;
    outcome = event.getOutcome();
    timeSum += event.getAt() % PRIME;
  }

  void add(TokenReceived event) {
    chunks++;
    Integer inChunk = event.getTokens();
    tokens += inChunk == null ? 1 : inChunk;
    indexes.set(event.getIndex());
    indexSum += event.getIndex();
    timeSum += event.getAt() % PRIME;
  }

  int ends() {
    return ends;
  }

  long tokens() {
    return tokens;
  }

  /** How it ended; null if it has no end. */
  @Nullable Outcome outcome() {
    return outcome;
  }

  /** Events beyond the one that there should be of each. */
  long doubled() {
    return Math.max(0, sent - 1) + Math.max(0, ends - 1) + chunks - indexes.cardinality();
  }

  /** What {@code requests.sql} says of the tables. */
  List<Long> sums() {
    return List.of((long) sent, (long) ends, chunks, tokens, indexSum, timeSum);
  }
}
