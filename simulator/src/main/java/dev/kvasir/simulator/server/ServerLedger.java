package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.Reuse;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one server has sent and finished: its rows in the emission log, and counts for metrics. */
final class ServerLedger {
  private final String server;
  private final EpochClock clock;
  private final @Nullable EmissionLog log;
  private final double startSeconds;
  private final Map<String, Long> finishedByReason = new TreeMap<>();
  private final RequestTimes times = new RequestTimes();
  private long worstLagNanos;

  /**
   * @param server its name in the log
   * @param log null to write none
   */
  ServerLedger(String server, EpochClock clock, @Nullable EmissionLog log) {
    this.server = server;
    this.clock = clock;
    this.log = log;
    this.startSeconds = clock.epochNanos(clock.nanoTime()) / 1e9;
    for (String reason : new String[] {"abort", "length", "stop"}) {
      finishedByReason.put(reason, 0L);
    }
  }

  /** How long requests took. */
  RequestTimes times() {
    return times;
  }

  /** When it started, in epoch seconds. */
  double startSeconds() {
    return startSeconds;
  }

  void sent(String requestId, int index, int tokens, long intendedNanos, long emittedNanos) {
    worstLagNanos = Math.max(worstLagNanos, emittedNanos - intendedNanos);
    if (log != null) {
      log.add(
          new EmissionLog.Emission(server, requestId, index, tokens, intendedNanos, emittedNanos));
    }
  }

  void finished(
      String requestId,
      long arrivedNanos,
      @Nullable Long admittedNanos,
      @Nullable Integer promptTokens,
      @Nullable Reuse reuse,
      int outputTokens,
      String reason) {
    finishedByReason.merge(reason, 1L, Long::sum);
    if (log != null) {
      log.add(
          new EmissionLog.Request(
              server,
              requestId,
              arrivedNanos,
              admittedNanos,
              clock.nanoTime(),
              promptTokens,
              reuse,
              outputTokens,
              reason));
    }
  }

  /** By {@code stop}, {@code length}, {@code abort} or {@code http-} and a status. */
  Map<String, Long> finishedByReason() {
    return finishedByReason;
  }

  /** The most by which a token left after its intended time, ever. */
  long worstLagNanos() {
    return worstLagNanos;
  }
}
