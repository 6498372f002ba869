package dev.kvasir.producer.cache;

import dev.kvasir.producer.workload.Prompt;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The beginnings of a run's prompts as hashes: of their first 64, 256, 1,024, 4,096, 16,384 and
 * 65,536 characters and of the whole prompt, as far as it is longer than 32 and at most 65,536.
 */
final class PromptPrefixes {

  private static final int[] CUTS = {64, 256, 1024, 4096, 16384, 65536};
  private static final int SHORTEST = 32;
  private static final long PRIME = 0x100000001B3L;
  private static final long BASIS = 0xCBF29CE484222325L;

  private final List<Beginnings> measured;
  private final List<Beginnings> warmUp;

  /** One prompt's. */
  private static final class Beginnings {

    /** Tokens as the client counts them. */
    private final int tokens;

    /** Characters of the whole prompt. */
    private final int length;

    /** Characters of each beginning, ascending. */
    private final int[] lengths;

    private final long[] hashes;

    Beginnings(int tokens, int length, int[] lengths, long[] hashes) {
      this.tokens = tokens;
      this.length = length;
      this.lengths = lengths;
      this.hashes = hashes;
    }

    /** Tokens of the longest beginning that is known. */
    double known(LongPredicate known) {
      for (int i = hashes.length - 1; i >= 0; i--) {
        if (known.test(hashes[i])) {
          return (double) tokens * lengths[i] / length;
        }
      }
      return 0;
    }
  }

  private PromptPrefixes(List<Beginnings> measured, List<Beginnings> warmUp) {
    this.measured = measured;
    this.warmUp = warmUp;
  }

  /** The beginnings of prompts as they are sent, each after the salt. */
  static PromptPrefixes of(List<Prompt> measured, List<Prompt> warmUp, Salt salt) {
    return new PromptPrefixes(
        IntStream.range(0, measured.size())
            .mapToObj(ordinal -> beginnings(salt.before(measured.get(ordinal), ordinal)))
            .toList(),
        warmUp.stream().map(prompt -> beginnings(salt.before(prompt, 0))).toList());
  }

  private static Beginnings beginnings(Prompt prompt) {
    String text = prompt.text();
    int[] lengths = new int[CUTS.length + 1];
    long[] hashes = new long[CUTS.length + 1];
    int found = 0;
    long hash = BASIS;
    int end = Math.min(text.length(), CUTS[CUTS.length - 1]);
    for (int at = 0, cut = 0; at < end; at++) {
      hash = (hash ^ text.charAt(at)) * PRIME;
      boolean last = at + 1 == text.length() && at + 1 > SHORTEST;
      if (at + 1 == CUTS[cut] || last) {
        cut += at + 1 == CUTS[cut] ? 1 : 0;
        lengths[found] = at + 1;
        hashes[found++] = mixed(hash, at + 1);
      }
    }
    return new Beginnings(
        prompt.promptTokens(),
        Math.max(1, text.length()),
        Arrays.copyOf(lengths, found),
        Arrays.copyOf(hashes, found));
  }

  private static long mixed(long hash, int length) {
    long mixed = (hash ^ length) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }

  /** Every hash, once. */
  long[] hashes() {
    return Stream.concat(warmUp.stream(), measured.stream())
        .flatMapToLong(each -> Arrays.stream(each.hashes))
        .distinct()
        .toArray();
  }

  /** The number of measured prompts. */
  int count() {
    return measured.size();
  }

  /** Tokens of the measured prompts. */
  long tokens() {
    return measured.stream().mapToLong(each -> each.tokens).sum();
  }

  /** Tokens of the measured prompts that stand in a beginning which is known. */
  double known(LongPredicate known) {
    return measured.stream().mapToDouble(each -> each.known(known)).sum();
  }

  /** Tokens of the measured prompts that an earlier prompt of the same run begins with. */
  double ownReuse() {
    Set<Long> seen = new HashSet<>();
    warmUp.forEach(each -> add(each, seen));
    double tokens = 0;
    for (Beginnings each : measured) {
      tokens += each.known(seen::contains);
      add(each, seen);
    }
    return tokens;
  }

  private static void add(Beginnings beginnings, Set<Long> seen) {
    for (long hash : beginnings.hashes) {
      seen.add(hash);
    }
  }
}
