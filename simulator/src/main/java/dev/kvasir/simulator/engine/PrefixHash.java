package dev.kvasir.simulator.engine;

/**
 * Chained hashes of token prefixes: two prefixes have one hash if and, but for luck, only if equal.
 */
final class PrefixHash {
  static final long EMPTY = 0x6b76_6173_6972L;

  private PrefixHash() {}

  /** The hash of a prefix that is longer by one token (SplitMix64's finalizer over the chain). */
  static long then(long prefix, int token) {
    long z = prefix ^ ((token + 1L) * 0x9e3779b97f4a7c15L);
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
