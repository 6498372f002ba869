package dev.kvasir.topic;

import io.confluent.kafka.serializers.KafkaAvroSerializer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Events to bytes in Confluent's wire format; not thread-safe. */
public final class EventSerializer implements Serializer<SpecificRecord> {

  static {
    TrustedEvents.trust();
  }

  private final KafkaAvroSerializer confluent = new KafkaAvroSerializer();

  public EventSerializer(Registry registry) {
    confluent.configure(registry.serdeConfig(), false);
  }

  @Override
  public byte[] serialize(String topic, SpecificRecord event) {
    return confluent.serialize(topic, event);
  }

  @Override
  public void close() {
    confluent.close();
  }
}
