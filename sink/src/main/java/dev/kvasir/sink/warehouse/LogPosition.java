package dev.kvasir.sink.warehouse;

import dev.kvasir.sink.archive.LogArchive;
import dev.kvasir.time.WallClock;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where reading goes on, from what is stored and what the log still holds, and records what
 * the log has lost.
 */
final class LogPosition {

  private static final Logger LOG = LoggerFactory.getLogger(LogPosition.class);

  private final LogEnds ends;
  private final DuckDBConnection connection;
  private final WallClock wall;
  private final LogArchive archive;
  private final Selection selection;
  private final List<ExpiredRecords.Gap> gaps = new ArrayList<>();
  private Map<LogPartition, Long> stored = Map.of();

  LogPosition(
      LogEnds ends,
      DuckDBConnection connection,
      WallClock wall,
      LogArchive archive,
      Selection selection) {
    this.ends = ends;
    this.connection = connection;
    this.wall = wall;
    this.archive = archive;
    this.selection = selection;
  }

  /** What the log no longer holds and the archive does; known after {@link #resume}. */
  ExpiredRecords expired() {
    return new ExpiredRecords(archive, gaps, stored);
  }

  /** The offset to start from in each partition. */
  Map<TopicPartition, Long> resume(Map<TopicPartition, LogPartition> partitions)
      throws SQLException, InterruptedException {
    stored = Offsets.load(connection);
    var first = ends.list(partitions.keySet(), OffsetSpec.earliest());
    var last = ends.list(partitions.keySet(), OffsetSpec.latest());
    Map<TopicPartition, Long> starts = new HashMap<>();
    for (var entry : partitions.entrySet()) {
      TopicPartition partition = entry.getKey();
      long begin = offset(first, partition);
      long end = offset(last, partition);
      starts.put(partition, start(entry.getValue(), stored.get(entry.getValue()), begin, end));
    }
    return starts;
  }

  private static long offset(
      Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
    ListOffsetsResultInfo found = offsets.get(partition);
    if (found == null) {
      throw new IllegalStateException("Kafka did not answer for " + partition);
    }
    return found.offset();
  }

  private long start(LogPartition partition, @Nullable Long stored, long begin, long end)
      throws SQLException, InterruptedException {
    if (stored == null) {
      long from = selection.from(partition.toKafka());
      if (from < begin) {
        gaps.add(new ExpiredRecords.Gap(partition, from, begin));
      }
      return Math.clamp(from, begin, end);
    }
    if (stored > end) {
      LOG.warn(
          "the broker lost records that the warehouse has; the runs concerned are marked topic={} partition={} end={} loaded={} records={}",
          partition.topic(),
          partition.partition(),
          end,
          stored,
          stored - end);
      record("cut", partition, end, stored, ends.lastTimestamp(partition.toKafka()));
      return end;
    }
    if (stored < begin) {
      gaps.add(new ExpiredRecords.Gap(partition, stored, begin));
      if (isArchived(partition, stored, begin)) {
        return begin;
      }
      LOG.warn(
          "records expired before they were loaded topic={} partition={} begin={} loaded={} records={}",
          partition.topic(),
          partition.partition(),
          begin,
          stored,
          begin - stored);
      record("expired", partition, stored, begin, null);
      return begin;
    }
    return stored;
  }

  private boolean isArchived(LogPartition partition, long from, long to) {
    return archive
        .range(partition.topicId(), partition.partition())
        .filter(range -> range.from() <= from && range.through() >= to)
        .isPresent();
  }

  private void record(
      String kind, LogPartition partition, long from, long to, @Nullable Long lastKeptMillis)
      throws SQLException {
    Sql.execute(connection, "BEGIN TRANSACTION");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO log_loss VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setLong(1, wall.epochNanos());
      insert.setString(2, kind);
      insert.setString(3, partition.topicId().toString());
      insert.setString(4, partition.topic());
      insert.setInt(5, partition.partition());
      insert.setLong(6, from);
      insert.setLong(7, to);
      insert.setObject(8, lastKeptMillis);
      insert.executeUpdate();
      Offsets.save(connection, Map.of(partition, kind.equals("cut") ? from : to));
    } catch (SQLException e) {
      Sql.execute(connection, "ROLLBACK");
      throw e;
    }
    Sql.execute(connection, "COMMIT");
  }
}
