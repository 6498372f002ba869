package dev.kvasir.sink.warehouse;

import static java.util.stream.Collectors.joining;

import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a log are loaded. Times and offsets choose among what was measured; the topic of
 * runs, which says what the rest belongs to, is read whole.
 *
 * @param runs only these runs' events; empty for all
 * @param since only events at this epoch nanosecond or later; null for all
 * @param until only events before this epoch nanosecond; null for all
 * @param from where reading starts, by partition; absent is the beginning
 */
public record Selection(
    Set<Long> runs, @Nullable Long since, @Nullable Long until, Map<TopicPartition, Long> from) {

  /** Everything. */
  public static final Selection ALL = new Selection(Set.of(), null, null, Map.of());

  public Selection {
    runs = Set.copyOf(runs);
    from = Map.copyOf(from);
    if (since != null && until != null && since >= until) {
      throw new IllegalArgumentException(
          "events since %s and before %s are none; the end must be later"
              .formatted(time(since), time(until)));
    }
  }

  private static Instant time(long epochNanos) {
    return Instant.ofEpochSecond(0, epochNanos);
  }

  /**
   * Checks where reading starts.
   *
   * @param ends the next offset to be written in each partition
   * @throws IllegalArgumentException if there is no such partition, or it ends before
   */
  void requireWithin(Map<TopicPartition, Long> ends) {
    from.forEach((partition, offset) -> {
      Long end = ends.get(partition);
      if (end == null) {
        long count =
            ends.keySet().stream().filter(each -> each.topic().equals(partition.topic())).count();
        throw new IllegalArgumentException(
            "there is no partition %d of %s, which has %d; they are counted from 0"
                .formatted(partition.partition(), partition.topic(), count));
      }
      if (offset > end) {
        throw new IllegalArgumentException(
            "partition %d of %s ends at offset %d, and reading was to start at %d; give at most its end"
                .formatted(partition.partition(), partition.topic(), end, offset));
      }
    });
  }

  /**
   * Checks that every run that was chosen is there.
   *
   * @param known the runs of the log
   * @throws IllegalArgumentException if one is not
   */
  void requireRuns(Set<Long> known) {
    List<Long> missing = runs.stream().filter(run -> !known.contains(run)).sorted().toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "the log and its archive hold no run %s; 'kvasir sql \"SELECT run, id FROM runs\"' lists those that they hold"
              .formatted(missing.stream().map(String::valueOf).collect(joining(", "))));
    }
  }

  /** Whether everything is loaded. */
  public boolean isAll() {
    return equals(ALL);
  }

  boolean takes(SpecificRecord event) {
    if (!runs.isEmpty() && !runs.contains(EventRecord.run(event))) {
      return false;
    }
    if (Topic.of(event) == Topic.RUNS) {
      return true;
    }
    long at = EventRecord.at(event);
    return (since == null || at >= since) && (until == null || at < until);
  }

  /** The offset at which a partition is begun. */
  long from(TopicPartition partition) {
    return partition.topic().equals(Topic.RUNS.topicName()) ? 0 : from.getOrDefault(partition, 0L);
  }
}
