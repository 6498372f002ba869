package dev.kvasir.sink.warehouse;

import dev.kvasir.event.LatencySummary;
import dev.kvasir.event.WindowMeasured;

/** Made-up live windows. */
final class Windows {

  private Windows() {}

  static WindowMeasured of(long run, long endSecond, int seconds, double p99Ms) {
    double nanos = p99Ms * 1e6;
    LatencySummary ttft =
        new LatencySummary(100L, nanos / 2, nanos / 4, nanos / 2, nanos * 0.9, nanos, nanos * 1.2);
    return WindowMeasured.newBuilder()
        .setRun(run)
        .setAt(endSecond * 1_000_000_000L)
        .setSeconds(seconds)
        .setEndSecond(endSecond)
        .setChunks(100)
        .setTokens(100)
        .setSent(10)
        .setOk(10)
        .setFailed(0)
        .setTimeouts(0)
        .setAttained(9)
        .setAttainedTtft(9)
        .setAttainedTpot(10)
        .setAttainment(0.9)
        .setTtft(ttft)
        .setItl(ttft)
        .setInFlight(1)
        .setWaiting(0)
        .setBreached(0)
        .setLate(0)
        .setUndecodable(0)
        .build();
  }
}
