package dev.kvasir.app.pipeline;

import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Waiting until the tables hold what the log held. */
public final class CatchUp {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Duration NOTICEABLE = Duration.ofSeconds(2);
  private static final Set<Topic> MEASURED =
      EnumSet.of(Topic.RUNS, Topic.REQUESTS, Topic.TOKENS, Topic.SAMPLES);

  private CatchUp() {}

  /**
   * Waits until everything that was measured up to now is in the tables.
   *
   * @return whether it is, within the limit
   */
  public static boolean await(LogAddress log, Warehouse warehouse, Duration limit)
      throws InterruptedException {
    LogEnd end = LogEnd.written(log, MEASURED);
    Ticker ticker = Ticker.system();
    long until = ticker.nanos() + limit.toNanos();
    while (!isBeyond(loaded(warehouse), end)) {
      if (ticker.nanos() > until) {
        return false;
      }
      Pause.of(BETWEEN_LOOKS);
    }
    return true;
  }

  /**
   * Waits until the numbers of runs that have ended are kept, which for one of many tokens takes
   * longer than to load them; beyond the limit every query computes them itself.
   *
   * @param waiting is run once if it takes more than two seconds
   */
  public static void awaitSummaries(
      Warehouse warehouse, Collection<Long> runs, Duration limit, Runnable waiting)
      throws InterruptedException {
    if (runs.isEmpty()) {
      return;
    }
    String lacking =
        """
        SELECT DISTINCT run FROM run_finished e ANTI JOIN run_summary k ON k.run = e.run
        WHERE run IN (%s)\
        """
            .formatted(runs.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    Ticker ticker = Ticker.system();
    long began = ticker.nanos();
    boolean told = false;
    while (!warehouse.query(lacking).rows().isEmpty() && ticker.nanos() - began < limit.toNanos()) {
      if (!told && ticker.nanos() - began > NOTICEABLE.toNanos()) {
        told = true;
        waiting.run();
      }
      Pause.of(BETWEEN_LOOKS);
    }
  }

  private static boolean isBeyond(Map<TopicPartition, Long> loaded, LogEnd end) {
    return end.offsets().entrySet().stream()
        .allMatch(each -> loaded.getOrDefault(each.getKey(), 0L) >= each.getValue());
  }

  /** The next offset of each partition that the tables do not hold yet. */
  static Map<TopicPartition, Long> loaded(Warehouse warehouse) {
    QueryResult found =
        warehouse.query("SELECT topic, log_partition, max(next_offset) FROM offsets GROUP BY ALL");
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (List<@Nullable Object> row : found.rows()) {
      if (row.get(0) instanceof String topic
          && row.get(1) instanceof Number partition
          && row.get(2) instanceof Number next) {
        offsets.put(new TopicPartition(topic, partition.intValue()), next.longValue());
      }
    }
    return offsets;
  }
}
