package dev.kvasir.producer.shard;

import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.workload.Prompt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one shard sends of a run: whole sessions, and of requests without one every N-th. The shares
 * of a course have every request once, at its own time.
 *
 * @param ordinals requests, session by session
 * @param prompts what each asks
 * @param schedule when each is due, or each session's first one
 * @param pauseNanos pause before each, nanoseconds; null for the think time
 */
record Share(
    List<Integer> ordinals,
    List<Prompt> prompts,
    Schedule schedule,
    @Nullable List<Long> pauseNanos) {

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
    List<Chain> chains =
        whole.size() == course.prompts().size()
            ? alone(course, whole, shard, shards, done)
            : sessions(course, whole, shard, shards, done, lateNanos);
    List<Integer> ordinals = chains.stream().flatMap(chain -> chain.ordinals.stream()).toList();
    return new Share(
        ordinals,
        ordinals.stream().map(course.prompts()::get).toList(),
        Schedule.at(chains.stream().map(Chain::dueNanos).toList()),
        pauses(course, ordinals));
  }

  /** Requests of which the first has a due time. */
  private record Chain(long dueNanos, List<Integer> ordinals) {}

  private static List<Chain> alone(
      Course course, Schedule whole, int shard, int shards, Set<Integer> done) {
    return IntStream.range(0, course.prompts().size())
        .filter(ordinal -> belongs(course, ordinal, shard, shards) && !done.contains(ordinal))
        .mapToObj(ordinal -> new Chain(whole.dueNanos(ordinal), List.of(ordinal)))
        .toList();
  }

  private static List<Chain> sessions(
      Course course, Schedule whole, int shard, int shards, Set<Integer> done, long lateNanos) {
    Map<Integer, Integer> chainOf = new HashMap<>();
    List<Chain> mine = new ArrayList<>();
    Map<Integer, List<Integer>> open = new HashMap<>();
    for (int ordinal = 0; ordinal < course.prompts().size(); ordinal++) {
      Integer session = course.prompts().get(ordinal).session();
      int key = session == null ? -1 - ordinal : session;
      boolean head = !chainOf.containsKey(key);
      int chain = chainOf.computeIfAbsent(key, each -> chainOf.size());
      if (!belongs(course, ordinal, shard, shards) || done.contains(ordinal)) {
        continue;
      }
      List<Integer> turns = open.get(key);
      if (turns == null) {
        turns = new ArrayList<>();
        open.put(key, turns);
        mine.add(new Chain(head ? whole.dueNanos(chain) : lateNanos, turns));
      }
      turns.add(ordinal);
    }
    return mine.stream().sorted(Comparator.comparingLong(Chain::dueNanos)).toList();
  }

  private static boolean belongs(Course course, int ordinal, int shard, int shards) {
    Integer session = course.prompts().get(ordinal).session();
    return Math.floorMod(session == null ? ordinal : session, shards) == shard;
  }

  private static @Nullable List<Long> pauses(Course course, List<Integer> ordinals) {
    List<Long> each = course.pauseNanos();
    return each == null
        ? null
        : ordinals.stream().map(ordinal -> each.get(ordinal % each.size())).toList();
  }
}
