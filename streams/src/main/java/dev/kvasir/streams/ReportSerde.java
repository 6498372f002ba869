package dev.kvasir.streams;

import dev.kvasir.streams.pane.Report;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Reports between measure and merge. */
final class ReportSerde implements Serde<Report> {

  @Override
  public Serializer<Report> serializer() {
    return (topic, report) -> report.toBytes();
  }

  @Override
  public Deserializer<Report> deserializer() {
    return (topic, bytes) -> Report.fromBytes(bytes);
  }
}
