package dev.kvasir.producer.shard;

import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.workload.Chains;
import dev.kvasir.producer.workload.Prompt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;

/**
 * What one shard sends of a run: whole sessions, and of requests without one every N-th. The shares
 * of a course have every request once, at its own time.
 *
 * @param ordinals requests, session by session
 * @param prompts what each asks
 * @param schedule when each is due, or each session's first one
 */
record Share(List<Integer> ordinals, List<Prompt> prompts, Schedule schedule) {

  public Share {
    ordinals = List.copyOf(ordinals);
    prompts = List.copyOf(prompts);
  }

  /**
   * The share of a shard.
   *
   * @param done requests that are not to be sent any more
   * @param lateNanos when what follows such a request is due at the earliest, nanoseconds from the
   *     start
   * @throws IllegalArgumentException if the course has no schedule
   */
  public static Share of(Course course, int shard, int shards, Set<Integer> done, long lateNanos) {
    Schedule whole = course.schedule();
    if (whole == null || shard < 0 || shard >= shards) {
      throw new IllegalArgumentException(
          "shard %d of %d of %s: only an open loop has shards".formatted(shard, shards, whole));
    }
    List<Chain> mine = new ArrayList<>();
    Chains chains = course.chains();
    PrimitiveIterator.OfLong times = whole.dueNanos().iterator();
    for (int chain = 0; times.hasNext(); chain++) {
      long due = times.nextLong();
      int head = chains.head(chain);
      List<Integer> left =
          belongs(course, head, shard, shards) ? left(chains, head, done) : List.of();
      if (!left.isEmpty()) {
        mine.add(new Chain(left.getFirst() == head ? due : lateNanos, left));
      }
    }
    mine.sort(Comparator.comparingLong(Chain::dueNanos));
    List<Integer> ordinals = mine.stream().flatMap(each -> each.ordinals.stream()).toList();
    return new Share(
        ordinals,
        ordinals.stream().map(course::prompt).toList(),
        Schedule.at(mine.stream().map(Chain::dueNanos).toList()));
  }

  /** Requests of which the first has a due time. */
  private record Chain(long dueNanos, List<Integer> ordinals) {}

  /** What is to be sent of a chain. */
  private static List<Integer> left(Chains chains, int head, Set<Integer> done) {
    List<Integer> left = new ArrayList<>();
    for (int ordinal = head; ordinal != Chains.NONE; ordinal = chains.next(ordinal)) {
      if (!done.contains(ordinal)) {
        left.add(ordinal);
      }
    }
    return left;
  }

  private static boolean belongs(Course course, int ordinal, int shard, int shards) {
    Integer session = course.prompt(ordinal).session();
    return Math.floorMod(session == null ? ordinal : session, shards) == shard;
  }
}
