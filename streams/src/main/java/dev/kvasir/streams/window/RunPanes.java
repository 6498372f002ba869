package dev.kvasir.streams.window;

import dev.kvasir.streams.pane.Pane;
import dev.kvasir.streams.pane.Report;
import dev.kvasir.streams.pane.StateWriter;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The panes of one run in all partitions, and their sums. Owned by one thread. */
final class RunPanes {

  /** How far apart partitions may be before the last one no longer holds the panes of the first. */
  private static final long LARGEST_SKEW_SECONDS = 1800;

  private static final long FOLDED_AT_ONCE = 60;
  private static final long NONE = PartitionPanes.NONE;

  private final NavigableMap<Integer, PartitionPanes> partitions = new TreeMap<>();

  /** Sums over partitions by second, made when they are needed. */
  private final NavigableMap<Long, Pane> seconds = new TreeMap<>();

  /** The sum of everything before a second, kept from one emission to the next. */
  private @Nullable Pane prefix;

  private long prefixEnd;

  /** Takes a pane in; false if it changes nothing. */
  boolean put(int partition, long second, byte[] pane) {
    if (!partition(partition).put(second, pane)) {
      return false;
    }
    seconds.remove(second);
    if (second < prefixEnd) {
      prefix = null;
    }
    return true;
  }

  /** Takes in how the run stands in a partition; false if it has seen no more events. */
  boolean put(Report.Pulse pulse) {
    PartitionPanes partition = partition(pulse.partition());
    boolean news = pulse.events() != partition.events();
    partition.put(pulse);
    return news;
  }

  private PartitionPanes partition(int number) {
    return partitions.computeIfAbsent(number, absent -> new PartitionPanes());
  }

  /** Longest wait for a first token, nanoseconds; null when nothing waits. */
  @Nullable Long oldestWait() {
    Long oldest = null;
    for (PartitionPanes partition : partitions.values()) {
      Report.Pulse pulse = partition.pulse();
      Long wait = pulse == null ? null : pulse.oldestWaitNanos();
      if (wait != null && (oldest == null || wait > oldest)) {
        oldest = wait;
      }
    }
    return oldest;
  }

  /** The newest second of which something is known, or {@link PartitionPanes#NONE}. */
  long newest() {
    long newest = NONE;
    for (PartitionPanes partition : partitions.values()) {
      newest = Math.max(newest, partition.newest());
    }
    return newest;
  }

  /** The oldest second that has a pane of its own, or {@link PartitionPanes#NONE}. */
  long oldest() {
    long oldest = Long.MAX_VALUE;
    for (PartitionPanes partition : partitions.values()) {
      long first = partition.oldest();
      oldest = first == NONE ? oldest : Math.min(oldest, first);
    }
    return oldest == Long.MAX_VALUE ? NONE : oldest;
  }

  /** The last second that some partition has no pane of its own for any more. */
  long foldedThrough() {
    long folded = NONE;
    for (PartitionPanes partition : partitions.values()) {
      folded = Math.max(folded, partition.foldedThrough());
    }
    return folded;
  }

  /** What happened in the seconds before an end; null if some of their panes are folded. */
  @Nullable Pane before(long end, int length) {
    if (end - length <= foldedThrough()) {
      return null;
    }
    Pane sum = new Pane();
    for (long second = Math.max(end - length, oldest()); second < end; second++) {
      sum.merge(second(second));
    }
    return sum;
  }

  /** Whether any partition has a pane in the seconds before an end. */
  boolean anyWithin(long end, long length) {
    for (PartitionPanes partition : partitions.values()) {
      if (partition.hasBetween(end - length, end)) {
        return true;
      }
    }
    return false;
  }

  private Pane second(long second) {
    Pane known = seconds.get(second);
    if (known != null) {
      return known;
    }
    Pane sum = new Pane();
    if (anyWithin(second + 1, 1)) {
      partitions.values().forEach(partition -> partition.addSecond(second, sum));
      seconds.put(second, sum);
    }
    return sum;
  }

  /**
   * What happened in the run before an end.
   *
   * @param end epoch second, exclusive
   * @param settled epoch second from which on seconds are likely to change
   */
  Pane until(long end, long settled) {
    Pane whole = new Pane();
    whole.merge(prefix(Math.min(end, settled)));
    for (long second = prefixEnd; second < end; second++) {
      whole.merge(second(second));
    }
    return whole;
  }

  private Pane prefix(long end) {
    Pane sum = prefix;
    if (sum == null || prefixEnd > end) {
      sum = sumBefore(end);
      prefixEnd = end;
    }
    for (; prefixEnd < end; prefixEnd++) {
      sum.merge(second(prefixEnd));
    }
    prefix = sum;
    return sum;
  }

  private Pane sumBefore(long end) {
    Pane sum = new Pane();
    partitions.values().forEach(partition -> partition.addBefore(end, sum));
    return sum;
  }

  /** What happened in the run. */
  Pane all() {
    return sumBefore(Long.MAX_VALUE);
  }

  /**
   * Folds seconds that no partition will change or needs.
   *
   * @param resting whether those are all
   */
  void fold(long run, boolean resting, StateWriter out) {
    long newest = newest();
    if (newest == NONE) {
      return;
    }
    if (resting) {
      fold(run, newest, 0, 0, out);
      prefix = null;
      return;
    }
    long slowest =
        partitions.values().stream()
            .mapToLong(PartitionPanes::newest)
            .filter(second -> second != NONE)
            .min()
            .orElse(newest);
    long through =
        Math.max(slowest, newest - LARGEST_SKEW_SECONDS) - PartitionPanes.HORIZON_SECONDS;
    fold(run, through, PartitionPanes.HORIZON_SECONDS, FOLDED_AT_ONCE, out);
  }

  private void fold(long run, long through, long horizon, long atOnce, StateWriter out) {
    partitions.forEach((partition, panes) -> {
      if (panes.oldest() != NONE && through - panes.oldest() >= atOnce) {
        for (long second : panes.fold(through, horizon)) {
          out.write(MergeKey.pane(run, partition, second), null);
        }
        out.write(MergeKey.folded(run, partition), panes.folded());
      }
    });
    seconds.headMap(foldedThrough(), true).clear();
  }

  void restoreFolded(int partition, byte[] folded) {
    partition(partition).restoreFolded(folded);
  }

  /** Takes everything away from where it is kept. */
  void forget(long run, StateWriter out) {
    partitions.forEach((partition, panes) -> {
      panes.seconds().forEach(s -> out.write(MergeKey.pane(run, partition, s), null));
      out.write(MergeKey.pane(run, partition, Report.BEYOND), null);
      out.write(MergeKey.folded(run, partition), null);
      out.write(MergeKey.pulse(run, partition), null);
    });
  }

  /** Events of the run seen in all partitions. */
  long events() {
    return partitions.values().stream().mapToLong(PartitionPanes::events).sum();
  }

  Map<Integer, Long> eventsByPartition() {
    Map<Integer, Long> events = new TreeMap<>();
    partitions.forEach((partition, panes) -> events.put(partition, panes.events()));
    return events;
  }

  /** Records that no partition's task could decode. */
  long undecodable() {
    long sum = 0;
    for (PartitionPanes partition : partitions.values()) {
      Report.Pulse pulse = partition.pulse();
      sum += pulse == null ? 0 : pulse.undecodable();
    }
    return sum;
  }
}
