package dev.kvasir.simulator.engine;

import dev.kvasir.simulator.engine.Profile.Cost;

/** What one step has to compute. */
final class StepLoad {
  private long tokens;
  private double pairs;
  private long contextTokens;
  private int decoding;

  void clear() {
    tokens = 0;
    pairs = 0;
    contextTokens = 0;
    decoding = 0;
  }

  void decode(int context) {
    tokens++;
    decoding++;
    contextTokens += context;
  }

  /** A chunk attends to what was computed before it and, causally, to itself. */
  void prefill(int computedBefore, int chunk) {
    tokens += chunk;
    pairs += (double) chunk * computedBefore + chunk * (chunk + 1.0) / 2;
  }

  long tokens() {
    return tokens;
  }

  /** Nanoseconds, at least 1. */
  long nanos(Cost cost) {
    double nanos =
        cost.overhead()
            + Math.max(cost.weights(), tokens * cost.perToken())
            + pairs * cost.perPair()
            + contextTokens * cost.perContextToken()
            + decoding * cost.perSequence();
    return Math.max(1, Math.round(nanos));
  }
}
