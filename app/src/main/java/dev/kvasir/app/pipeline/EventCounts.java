package dev.kvasir.app.pipeline;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.EventKey;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What the log holds of some runs, counted record by record.
 *
 * @param requests requests that were sent and ended
 * @param tokens chunks that were received
 * @param gone records that have left the log and are not counted
 */
public record EventCounts(long requests, long tokens, long gone) {

  /** The topics that are counted. */
  public static final Set<Topic> COUNTED = EnumSet.of(Topic.REQUESTS, Topic.TOKENS);

  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Counts the records of runs between two moments.
   *
   * @param from where counting begins: before the first of the runs
   */
  public static EventCounts of(LogAddress log, LogEnd from, Set<Long> runs) {
    LogEnd end = LogEnd.of(log, COUNTED);
    Map<String, Long> counts = new HashMap<>();
    long gone;
    try (Consumer<byte[], byte[]> consumer = LogEnd.consumer(log, "kvasir-counts");
        EventDeserializer events = new EventDeserializer(log.schemas())) {
      consumer.assign(end.offsets().keySet());
      gone =
          consumer.beginningOffsets(end.offsets().keySet()).entrySet().stream()
              .mapToLong(each ->
                  Math.max(0, each.getValue() - from.offsets().getOrDefault(each.getKey(), 0L)))
              .sum();
      end.offsets()
          .keySet()
          .forEach(each -> consumer.seek(each, from.offsets().getOrDefault(each, 0L)));
      while (isBehind(consumer, end)) {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
          if (runs.contains(EventKey.run(each.key())) && isCounted(each, events)) {
            counts.merge(each.topic(), 1L, Long::sum);
          }
        }
      }
    }
    return new EventCounts(
        counts.getOrDefault(Topic.REQUESTS.topicName(), 0L),
        counts.getOrDefault(Topic.TOKENS.topicName(), 0L),
        gone);
  }

  /** Every record on the topic of tokens is a chunk; of a request sent the last one counts. */
  private static boolean isCounted(
      ConsumerRecord<byte[], byte[]> record, EventDeserializer events) {
    return record.topic().equals(Topic.TOKENS.topicName())
        || (events.deserialize(record.topic(), record.value()) instanceof RequestFinished ended
            && ended.getSentAt() != null);
  }

  private static boolean isBehind(Consumer<byte[], byte[]> consumer, LogEnd end) {
    for (Map.Entry<TopicPartition, Long> each : end.offsets().entrySet()) {
      if (consumer.position(each.getKey()) < each.getValue()) {
        return true;
      }
    }
    return false;
  }
}
