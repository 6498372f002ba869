package dev.kvasir.sink.warehouse;

import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.Topic;
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
          "events since %d and before %d are none; the end must be later".formatted(since, until));
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
