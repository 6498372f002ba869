package dev.kvasir.simulator.engine;

/**
 * A snapshot of one tier; what happened ever, except for the first two.
 *
 * @param usedBytes bytes that it holds
 * @param capacityBytes bytes that it can hold
 * @param hitTokens prompt tokens that were read instead of computed
 * @param evictions chunks that had to go
 * @param readNanos time spent reading
 * @param writeNanos time spent writing
 */
public record TierState(
    String name,
    double usedBytes,
    double capacityBytes,
    long hitTokens,
    long evictions,
    double readBytes,
    double readNanos,
    double writtenBytes,
    double writeNanos) {

  TierState plus(TierState other) {
    return new TierState(
        name,
        usedBytes + other.usedBytes,
        capacityBytes + other.capacityBytes,
        hitTokens + other.hitTokens,
        evictions + other.evictions,
        readBytes + other.readBytes,
        readNanos + other.readNanos,
        writtenBytes + other.writtenBytes,
        writeNanos + other.writeNanos);
  }
}
