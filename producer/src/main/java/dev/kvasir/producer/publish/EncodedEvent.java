package dev.kvasir.producer.publish;

import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Topic;
import org.apache.avro.specific.SpecificRecord;

/** An event as bytes. */
final class EncodedEvent {

  /** Bytes that a record costs in a batch beside its key and value, at most. */
  private static final int RECORD_OVERHEAD = 24;

  private final Topic topic;
  private final EventKind kind;
  private final long run;
  private final long timestampMillis;
  private final byte[] key;
  private final byte[] value;

  EncodedEvent(
      Topic topic, EventKind kind, long run, long timestampMillis, byte[] key, byte[] value) {
    this.topic = topic;
    this.kind = kind;
    this.run = run;
    this.timestampMillis = timestampMillis;
    this.key = key;
    this.value = value;
  }

  /**
   * Encodes an event.
   *
   * @throws org.apache.kafka.common.errors.SerializationException if the registry refuses the
   *     event's schema
   * @throws dev.kvasir.topic.RegistryUnavailableException if it cannot be asked now
   */
  static EncodedEvent of(SpecificRecord event, EventSerializer serializer) {
    Topic topic = Topic.of(event);
    return new EncodedEvent(
        topic,
        EventKind.of(event),
        EventRecord.run(event),
        EventRecord.at(event) / 1_000_000,
        EventRecord.key(event),
        serializer.serialize(topic.topicName(), event));
  }

  /** Topic that it goes to. */
  Topic topic() {
    return topic;
  }

  /** What it counts as. */
  EventKind kind() {
    return kind;
  }

  /** Run that it belongs to. */
  long run() {
    return run;
  }

  /** The record's timestamp, epoch milliseconds. */
  long timestampMillis() {
    return timestampMillis;
  }

  /** The record's key, not copied. */
  byte[] key() {
    return key;
  }

  /** The record's value, not copied. */
  byte[] value() {
    return value;
  }

  /** What it costs in memory while it waits. */
  int bytes() {
    return key.length + value.length + RECORD_OVERHEAD;
  }
}
