package dev.kvasir.topic;

import dev.kvasir.event.TokenReceived;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** An event as a Kafka record: on its topic, under its key, at its own time. */
public final class EventRecord {

  private static final Map<Schema, Positions> POSITIONS = new ConcurrentHashMap<>();

  private EventRecord() {}

  /** The record of an event; its timestamp is the event's {@code at} in milliseconds. */
  public static ProducerRecord<byte[], SpecificRecord> of(SpecificRecord event) {
    Topic topic = Topic.of(event);
    return new ProducerRecord<>(
        topic.topicName(), null, at(event) / 1_000_000, key(topic, event), event);
  }

  /** The run that an event belongs to. */
  public static long run(SpecificRecord event) {
    return event instanceof TokenReceived token
        ? token.getRun()
        : (long) event.get(positions(event).run);
  }

  /** When an event happened, in epoch nanoseconds. */
  public static long at(SpecificRecord event) {
    return event instanceof TokenReceived token
        ? token.getAt()
        : (long) event.get(positions(event).at);
  }

  /** The record's key. */
  public static byte[] key(SpecificRecord event) {
    return event instanceof TokenReceived token
        ? EventKey.ofRequest(token.getRun(), token.getOrdinal())
        : key(Topic.of(event), event);
  }

  private static byte[] key(Topic topic, SpecificRecord event) {
    Positions positions = positions(event);
    return switch (topic.key()) {
      case RUN -> EventKey.ofRun(run(event));
      case REQUEST -> EventKey.ofRequest(run(event), (int) event.get(positions.ordinal));
      case SHARD -> EventKey.ofShard(run(event), (int) event.get(positions.shard));
    };
  }

  private static Positions positions(SpecificRecord event) {
    return POSITIONS.computeIfAbsent(event.getSchema(), Positions::of);
  }

  /** Where the fields that every event of a topic has stand in one schema; -1 where absent. */
  private record Positions(int run, int at, int ordinal, int shard) {

    static Positions of(Schema schema) {
      return new Positions(
          position(schema, "run"),
          position(schema, "at"),
          position(schema, "ordinal"),
          position(schema, "shard"));
    }

    private static int position(Schema schema, String field) {
      Schema.Field found = schema.getField(field);
      return found == null ? -1 : found.pos();
    }
  }
}
