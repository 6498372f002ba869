package dev.kvasir.app.chaos;

import dev.kvasir.app.pipeline.Holder;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.LogEnd;
import dev.kvasir.app.pipeline.Warehouse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the tables of a running sink have come.
 *
 * @param offsets the next offset, by partition
 */
record TablesSeen(Map<TopicPartition, Long> offsets) {

  private static final Logger LOG = LoggerFactory.getLogger(TablesSeen.class);

  /** Asks the sink that holds a home; nothing while there is none. */
  static TablesSeen through(Home home) throws InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    if (Holder.of(home).isEmpty()) {
      return new TablesSeen(offsets);
    }
    try (Warehouse warehouse = Warehouse.of(home)) {
      for (List<@Nullable Object> row :
          warehouse
              .query("SELECT topic, log_partition, max(next_offset) FROM offsets GROUP BY ALL")
              .rows()) {
        if (row.get(0) instanceof String topic
            && row.get(1) instanceof Number partition
            && row.get(2) instanceof Number next) {
          offsets.put(new TopicPartition(topic, partition.intValue()), next.longValue());
        }
      }
    } catch (RuntimeException e) {
      LOG.info("the sink does not answer reason=\"{}\"", e.getMessage());
    }
    return new TablesSeen(offsets);
  }

  /** Whether they hold the log up to an end. */
  boolean reach(LogEnd end) {
    return end.offsets().entrySet().stream()
        .allMatch(each -> offsets.getOrDefault(each.getKey(), 0L) >= each.getValue());
  }
}
