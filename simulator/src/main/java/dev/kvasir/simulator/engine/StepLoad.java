package dev.kvasir.simulator.engine;

import dev.kvasir.simulator.engine.Profile.Cost;

/** What one step has to compute, and to wait for. */
final class StepLoad {
  private long tokens;
  private double pairs;
  private long contextTokens;
  private int decoding;

  /** Until when nothing may be computed. */
  double blockedUntil;

  /** Until when KV arrives beside the computing. */
  double layersUntil;

  /** Time that passes before anything else may happen: swapping and looking KV up. */
  double stallNanos;

  void clear() {
    tokens = 0;
    pairs = 0;
    contextTokens = 0;
    decoding = 0;
    blockedUntil = 0;
    layersUntil = 0;
    stallNanos = 0;
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

  void waitFor(TierStack.Loading loading) {
    blockedUntil = Math.max(blockedUntil, loading.blockedUntil);
    layersUntil = Math.max(layersUntil, loading.layersUntil);
  }

  long tokens() {
    return tokens;
  }

  double attentionNanos(Cost cost) {
    return pairs * cost.perPair() + contextTokens * cost.perContextToken();
  }

  double otherNanos(Cost cost) {
    return cost.overhead()
        + Math.max(cost.weightsNanos(tokens), tokens * cost.perToken())
        + decoding * cost.perSequence();
  }
}
