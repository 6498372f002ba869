package dev.kvasir.sink.warehouse;

import java.sql.SQLException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.duckdb.DuckDBAppender;

/**
 * A record that is no event of ours, kept as it came.
 *
 * @param source where it lay
 * @param entry the record
 * @param reason why it could not be decoded
 */
record Quarantined(LogPartition source, ConsumerRecord<byte[], byte[]> entry, String reason) {

  void append(DuckDBAppender appender) throws SQLException {
    appender.beginRow();
    appender.append(source.topicId().toString());
    appender.append(source.topic());
    appender.append(source.partition());
    appender.append(entry.offset());
    appender.append(entry.timestamp());
    appendBytes(appender, entry.key());
    appendBytes(appender, entry.value());
    appender.append(reason);
    appender.endRow();
  }

  private static void appendBytes(DuckDBAppender appender, byte[] bytes) throws SQLException {
    if (bytes == null) {
      appender.appendNull();
    } else {
      appender.append(bytes);
    }
  }
}
