package dev.kvasir.sink.warehouse;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.duckdb.DuckDBConnection;

/** Where loading goes on, in the table {@code offsets}. */
final class Offsets {

  private Offsets() {}

  static Map<LogPartition, Long> load(DuckDBConnection connection) throws SQLException {
    Map<LogPartition, Long> stored = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT topic_id, topic, log_partition, next_offset FROM offsets")) {
      while (rows.next()) {
        stored.put(
            new LogPartition(Uuid.fromString(rows.getString(1)), rows.getString(2), rows.getInt(3)),
            rows.getLong(4));
      }
    }
    return stored;
  }

  /** Writes offsets inside the caller's transaction. */
  static void save(DuckDBConnection connection, Map<LogPartition, Long> next) throws SQLException {
    for (Map.Entry<LogPartition, Long> entry : next.entrySet()) {
      if (update(connection, entry.getKey(), entry.getValue()) == 0) {
        insert(connection, entry.getKey(), entry.getValue());
      }
    }
  }

  private static int update(DuckDBConnection connection, LogPartition partition, long next)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE offsets SET next_offset = ? WHERE topic_id = ? AND log_partition = ?")) {
      update.setLong(1, next);
      update.setString(2, partition.topicId().toString());
      update.setInt(3, partition.partition());
      return update.executeUpdate();
    }
  }

  private static void insert(DuckDBConnection connection, LogPartition partition, long next)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO offsets (topic_id, topic, log_partition, next_offset) VALUES (?, ?, ?, ?)")) {
      insert.setString(1, partition.topicId().toString());
      insert.setString(2, partition.topic());
      insert.setInt(3, partition.partition());
      insert.setLong(4, next);
      insert.executeUpdate();
    }
  }
}
