package dev.kvasir.producer.workload;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which request follows which: the turns of a session in their order, everything else alone. Played
 * over and over again, index {@code i + k * size} is the k-th play of index i.
 */
public final class Chains {

  /** No request. */
  public static final int NONE = -1;

  private final int[] heads;
  private final int[] next;

  private Chains(int[] heads, int[] next) {
    this.heads = heads;
    this.next = next;
  }

  /** The chains of prompts whose sessions stand in the order of their turns. */
  public static Chains of(List<Prompt> prompts) {
    int[] next = new int[prompts.size()];
    Arrays.fill(next, NONE);
    int[] heads = new int[prompts.size()];
    int count = 0;
    Map<Integer, Integer> last = new HashMap<>();
    for (int index = 0; index < next.length; index++) {
      Integer session = prompts.get(index).session();
      Integer before = session == null ? null : last.put(session, index);
      if (before == null) {
        heads[count++] = index;
      } else {
        next[before] = index;
      }
    }
    return new Chains(Arrays.copyOf(heads, count), next);
  }

  /** The chains of prompts that arrive so often: none follows another when each arrives. */
  public static Chains of(List<Prompt> prompts, int arrivals) {
    return arrivals == prompts.size() ? none(arrivals) : of(prompts);
  }

  /** Every request alone. */
  private static Chains none(int size) {
    int[] heads = new int[size];
    Arrays.setAll(heads, index -> index);
    int[] next = new int[size];
    Arrays.fill(next, NONE);
    return new Chains(heads, next);
  }

  /** Which chain of the first play each request belongs to. */
  int[] chainOfEach() {
    int[] chains = new int[next.length];
    for (int chain = 0; chain < heads.length; chain++) {
      for (int index = heads[chain]; index != NONE; index = next[index]) {
        chains[index] = chain;
      }
    }
    return chains;
  }

  /** Chains in one play. */
  public int count() {
    return heads.length;
  }

  /** The first request of a chain, in whatever play. */
  public int head(int chain) {
    return chain / heads.length * next.length + heads[chain % heads.length];
  }

  /** The request that follows; {@link #NONE} after the last of a chain. */
  public int next(int index) {
    int follower = next[index % next.length];
    return follower == NONE ? NONE : index / next.length * next.length + follower;
  }
}
